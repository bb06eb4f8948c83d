import { Duration, Stack } from 'aws-cdk-lib';
import { CfnTrail } from 'aws-cdk-lib/aws-cloudtrail';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledge } from '../platform/acknowledge.ts';
import { bucketProtection } from '../platform/protection.ts';
import { acknowledgeStandard } from '../platform/standards.ts';
import { storageKeyOf } from '../platform/storage-key.ts';

/** How long CloudTrail's files are kept: long enough for questions that come after the end of a year. */
const retention = Duration.days(400);

export interface DataEventsProps {
  readonly stage: string;
  readonly protectData: boolean;
  /** The table of the log. */
  readonly table: Pick<ITable, 'tableArn'>;
  /** Buckets with personal data. */
  readonly buckets: readonly Pick<IBucket, 'arnForObjects'>[];
}

/**
 * A trail of CloudTrail that records each call on the log, on the documents and on the functions of the stage, also by people
 * who use no API of ours. It records who called what and when, and no content. The account's own trail has management events.
 * The bucket is private, encrypted, and accepts TLS only. Digests show whether a file was changed or removed.
 */
export class DataEvents extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { stage, protectData, table, buckets }: DataEventsProps) {
    super(scope, id);
    const key = storageKeyOf(this);
    this.bucket = new Bucket(this, 'Bucket', {
      ...bucketProtection(protectData, key),
      versioned: protectData,
      lifecycleRules: [
        {
          id: 'Expire',
          expiration: retention,
          abortIncompleteMultipartUploadAfter: Duration.days(7),
          // A file that was replaced or deleted stays for as long as a digest can still show it.
          ...(protectData && { noncurrentVersionExpiration: retention }),
        },
      ],
    });
    acknowledge(
      this.bucket,
      'AwsSolutions-S1',
      'It has logs itself, and only CloudTrail writes to it. Its own access logs would be logs about logs.',
    );
    const trailName = `streamfold-${stage}`;
    const { partition, region, account } = Stack.of(this);
    const trailArn = `arn:${partition}:cloudtrail:${region}:${account}:trail/${trailName}`;
    this.#allowTrail(trailArn);
    key?.allowTrail(trailArn);
    const trail = new CfnTrail(this, 'Trail', {
      // A fixed name, because the policy of the bucket names the trail.
      trailName,
      s3BucketName: this.bucket.bucketName,
      ...(key !== undefined && { kmsKeyId: key.keyArn }),
      isLogging: true,
      enableLogFileValidation: true,
      isMultiRegionTrail: false,
      includeGlobalServiceEvents: false,
      advancedEventSelectors: [
        selector('The log', 'AWS::DynamoDB::Table', { equalTo: [table.tableArn] }),
        selector('Documents', 'AWS::S3::Object', {
          startsWith: buckets.map((bucket) => bucket.arnForObjects('')),
        }),
        selector('Functions', 'AWS::Lambda::Function', {
          startsWith: [`arn:${partition}:lambda:${region}:${account}:function:streamfold-${stage}-`],
        }),
      ],
    });
    acknowledgeStandard(
      trail,
      'CloudTrailCloudWatchLogsEnabled',
      'The bucket has the files for 400 days, and digests show changes. A second copy in CloudWatch Logs costs more than the trail itself.',
    );
    // CloudTrail checks the policy when it creates the trail.
    if (this.bucket.policy) trail.node.addDependency(this.bucket.policy);
  }

  /** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html */
  #allowTrail(trailArn: string): void {
    const cloudTrail = new ServicePrincipal('cloudtrail.amazonaws.com');
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        principals: [cloudTrail],
        actions: ['s3:GetBucketAcl'],
        resources: [this.bucket.bucketArn],
        conditions: { StringEquals: { 'aws:SourceArn': trailArn } },
      }),
    );
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        principals: [cloudTrail],
        actions: ['s3:PutObject'],
        resources: [this.bucket.arnForObjects(`AWSLogs/${Stack.of(this).account}/*`)],
        conditions: {
          StringEquals: { 'aws:SourceArn': trailArn, 's3:x-amz-acl': 'bucket-owner-full-control' },
        },
      }),
    );
  }
}

/** Selects the events of the resources of one type whose ARNs match. */
function selector(
  name: string,
  resourceType: string,
  arns: Pick<CfnTrail.AdvancedFieldSelectorProperty, 'equalTo' | 'startsWith'>,
): CfnTrail.AdvancedEventSelectorProperty {
  return {
    name,
    fieldSelectors: [
      { field: 'eventCategory', equalTo: ['Data'] },
      { field: 'resources.type', equalTo: [resourceType] },
      { field: 'resources.ARN', ...arns },
    ],
  };
}
