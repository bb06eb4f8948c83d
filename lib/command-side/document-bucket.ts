import { Duration } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Bucket, HttpMethods } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { documentTag } from '../../schema/documents.ts';
import { acknowledge, acknowledgeAllBelow } from '../platform/acknowledge.ts';
import { bucketProtection } from '../platform/protection.ts';
import type { StageConfig } from '../platform/stages.ts';
import { storageKeyOf } from '../platform/storage-key.ts';

/** Age at which S3 deletes a document that no event refers to, and older versions of any document. */
const deletedAfter = Duration.days(7);

/** A document is marked as kept by copying it onto itself with another tag. */
const keepActions = ['s3:GetObject', 's3:PutObject', 's3:PutObjectTagging'];

/**
 * The documents of prescriptions. The bucket is private, encrypted, and accepts TLS only. A document is stored before its
 * event; a lifecycle rule deletes documents whose event was never appended. On stages that protect data, the bucket keeps
 * versions.
 */
export class DocumentBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, props: Pick<StageConfig, 'protectData' | 'cors'>) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      ...bucketProtection(props.protectData, storageKeyOf(this)),
      versioned: props.protectData,
      // Any origin: browsers follow the API's redirect with the origin `null`, and the link's signature grants access.
      ...(props.cors !== 'closed' && {
        cors: [{ allowedMethods: [HttpMethods.GET], allowedOrigins: ['*'] }],
      }),
      lifecycleRules: [
        {
          id: 'SweepWithoutEvent',
          tagFilters: { [documentTag.key]: documentTag.uploaded },
          expiration: deletedAfter,
        },
        {
          id: 'SweepRemains',
          abortIncompleteMultipartUploadAfter: deletedAfter,
          ...(props.protectData && {
            noncurrentVersionExpiration: deletedAfter,
            expiredObjectDeleteMarker: true,
          }),
        },
      ],
    });
    acknowledge(
      this.bucket,
      'AwsSolutions-S1',
      'The audit of reads has who got a link, and CloudTrail who opened a document, on stages with `dataEvents`.',
    );
  }

  /** Grants storing documents, reading them, seeing that one is missing, marking them as kept, linking to them, and deleting them. */
  grantStore(grantee: IGrantable): void {
    this.grantKeep(grantee);
    this.#grantOnAll(grantee, ['s3:DeleteObject']);
  }

  /** Grants reading documents, seeing that one is missing, and marking them as kept. */
  grantKeep(grantee: IGrantable): void {
    this.#grantOnAll(grantee, keepActions);
    // Without it, S3 answers 403 instead of 404 for a document that does not exist.
    this.#grant(grantee, ['s3:ListBucket'], this.bucket.bucketArn);
  }

  /** Grants deleting documents for good: every version of them. Only the eraser has it. */
  grantErase(grantee: IGrantable): void {
    this.#grantOnAll(grantee, ['s3:DeleteObjectVersion']);
    this.#grant(grantee, ['s3:ListBucketVersions'], this.bucket.bucketArn);
  }

  #grantOnAll(grantee: IGrantable, actions: string[]): void {
    this.#grant(grantee, actions, this.bucket.arnForObjects('*'));
    const reason = 'The keys of documents are random, so no narrower pattern matches them all.';
    acknowledgeAllBelow(grantee, this.bucket, '/*', reason);
  }

  #grant(grantee: IGrantable, actions: string[], resourceArn: string): void {
    Grant.addToPrincipal({ grantee, actions, resourceArns: [resourceArn] });
  }
}
