import { Duration } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Bucket, HttpMethods } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { documentTag } from '../../schema/documents.ts';
import { acknowledge, acknowledgeAllBelow } from '../platform/acknowledge.ts';
import { bucketProtection } from '../platform/protection.ts';
import type { StageConfig } from '../platform/stages.ts';

/** A document that no event speaks of, and an older version of any, is swept after so long. */
const sweptAfter = Duration.days(7);

/** Marking a document as kept copies it onto itself with another tag. */
const keepActions = ['s3:GetObject', 's3:PutObject', 's3:PutObjectTagging'];

/**
 * The documents of prescriptions: private, encrypted, by TLS only. A document is stored before its event is; the sweep
 * takes those whose event never came. Protected data is kept in versions.
 */
export class DocumentBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, props: Pick<StageConfig, 'protectData' | 'cors'>) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      ...bucketProtection(props.protectData),
      versioned: props.protectData,
      // A page follows the API's redirect to a document under the origin `null`; the link's signature is what lets it read.
      ...(props.cors !== 'closed' && {
        cors: [{ allowedMethods: [HttpMethods.GET], allowedOrigins: ['*'] }],
      }),
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
    acknowledge(
      this.bucket,
      'AwsSolutions-S1',
      'Access logs would be a bucket more of who read whose prescription: the application log says who did what, and CloudTrail can say the rest.',
    );
  }

  /** To store documents, mark them as kept, link to them, and discard them. */
  grantStore(grantee: IGrantable): void {
    this.#grantOnAll(grantee, [...keepActions, 's3:DeleteObject']);
  }

  /** To read documents, or learn that they are gone, and mark them as kept. */
  grantKeep(grantee: IGrantable): void {
    this.#grantOnAll(grantee, keepActions);
    // Without it S3 says of a document that is not there that access is denied.
    this.#grant(grantee, ['s3:ListBucket'], this.bucket.bucketArn);
  }

  #grantOnAll(grantee: IGrantable, actions: string[]): void {
    this.#grant(grantee, actions, this.bucket.arnForObjects('*'));
    const reason = 'The keys of documents are random, so that nothing narrower names them all.';
    acknowledgeAllBelow(grantee, this.bucket, '/*', reason);
  }

  #grant(grantee: IGrantable, actions: string[], resourceArn: string): void {
    Grant.addToPrincipal({ grantee, actions, resourceArns: [resourceArn] });
  }
}
