import { Duration } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { documentTag } from '../schema/documents.ts';
import { removalPolicy } from './protection.ts';

/** A document that no event speaks of, and an older version of any, is swept after so long. */
const sweptAfter = Duration.days(7);

/**
 * The documents of prescriptions: private, encrypted, by TLS only. A document is stored before its event is; the sweep
 * takes those whose event never came. Protected data is kept in versions.
 */
export class DocumentBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, props: { readonly protectData: boolean }) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      versioned: props.protectData,
      removalPolicy: removalPolicy(props.protectData),
      lifecycleRules: [
        {
          id: 'SweepWithoutEvent',
          tagFilters: { [documentTag.key]: documentTag.uploaded },
          expiration: sweptAfter,
        },
        {
          id: 'SweepRemains',
          abortIncompleteMultipartUploadAfter: sweptAfter,
          ...(props.protectData && {
            noncurrentVersionExpiration: sweptAfter,
            expiredObjectDeleteMarker: true,
          }),
        },
      ],
    });
  }

  /** To store documents, mark them as kept, link to them, and discard them. */
  grantStore(grantee: IGrantable): void {
    this.grantKeep(grantee);
    this.#grant(grantee, ['s3:DeleteObject'], this.bucket.arnForObjects('*'));
  }

  /** To read documents and mark them as kept: that copies them onto themselves with another tag. */
  grantKeep(grantee: IGrantable): void {
    const actions = ['s3:GetObject', 's3:PutObject', 's3:PutObjectTagging'];
    this.#grant(grantee, actions, this.bucket.arnForObjects('*'));
    // Without it S3 says of a document that is not there that access is denied.
    this.#grant(grantee, ['s3:ListBucket'], this.bucket.bucketArn);
  }

  #grant(grantee: IGrantable, actions: string[], resourceArn: string): void {
    Grant.addToPrincipal({ grantee, actions, resourceArns: [resourceArn] });
  }
}
