import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { TableProps } from 'aws-cdk-lib/aws-dynamodb';
import { BlockPublicAccess, BucketEncryption, type BucketProps } from 'aws-cdk-lib/aws-s3';
import { QueueEncryption } from 'aws-cdk-lib/aws-sqs';

/** What happens to a stateful resource when it leaves the stack. */
export function removalPolicy(protectData: boolean): RemovalPolicy {
  return protectData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
}

/** The settings that make a table's data survive mistakes, or let them go with the stack. */
export function tableProtection(
  protectData: boolean,
): Pick<TableProps, 'removalPolicy' | 'deletionProtection' | 'pointInTimeRecoverySpecification'> {
  return {
    removalPolicy: removalPolicy(protectData),
    deletionProtection: protectData,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: protectData },
  };
}

/** The settings of a bucket of personal data: private, encrypted, by TLS only, and gone or kept as the stage says. */
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

/** The settings of every queue: encrypted, by TLS only, and messages kept for 14 days, the longest that SQS has. */
export const queueProtection = {
  encryption: QueueEncryption.SQS_MANAGED,
  enforceSSL: true,
  retentionPeriod: Duration.days(14),
};
