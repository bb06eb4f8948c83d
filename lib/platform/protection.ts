import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { BlockPublicAccess, BucketEncryption, type BucketProps } from 'aws-cdk-lib/aws-s3';
import { QueueEncryption } from 'aws-cdk-lib/aws-sqs';

/** What happens to a stateful resource when the stack no longer has it. */
export function removalPolicy(protectData: boolean): RemovalPolicy {
  return protectData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
}

/** The settings of a bucket with personal data: private, encrypted, TLS only, retained if the stage protects data. */
export function bucketProtection(
  protectData: boolean,
): Pick<BucketProps, 'blockPublicAccess' | 'encryption' | 'enforceSSL' | 'removalPolicy'> {
  return {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    removalPolicy: removalPolicy(protectData),
  };
}

/** The settings of every queue: encrypted, TLS only, and messages kept for 14 days, the maximum of SQS. */
export const queueProtection = {
  encryption: QueueEncryption.SQS_MANAGED,
  enforceSSL: true,
  retentionPeriod: Duration.days(14),
};
