import { RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, BucketEncryption, type BucketProps } from 'aws-cdk-lib/aws-s3';

/** What happens to a stateful resource when the stack no longer has it. */
export function removalPolicy(protectData: boolean): RemovalPolicy {
  return protectData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
}

/**
 * The settings of a bucket with personal data: private, encrypted, TLS only, retained if the stage protects data. With a storage key,
 * each bucket derives keys of its own from it, so that not each object needs a call of KMS.
 */
export function bucketProtection(
  protectData: boolean,
  key: IKey | undefined,
): Pick<
  BucketProps,
  'blockPublicAccess' | 'bucketKeyEnabled' | 'encryption' | 'encryptionKey' | 'enforceSSL' | 'removalPolicy'
> {
  return {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    ...(key === undefined
      ? { encryption: BucketEncryption.S3_MANAGED }
      : { encryption: BucketEncryption.KMS, encryptionKey: key, bucketKeyEnabled: true }),
    enforceSSL: true,
    removalPolicy: removalPolicy(protectData),
  };
}
