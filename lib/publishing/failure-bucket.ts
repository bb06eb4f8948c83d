import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type {
  DlqDestinationConfig,
  IEventSourceDlq,
  IEventSourceMapping,
  IFunction,
} from 'aws-cdk-lib/aws-lambda';
import { Bucket, type CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Queue, RedrivePermission } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { addAlarm } from '../operations/alarm.ts';
import { acknowledge, acknowledgeAllBelow } from '../platform/acknowledge.ts';
import { bucketProtection, queueProtection } from '../platform/protection.ts';

/** Batches hold personal data: they are kept to be replayed, not for good. The log has their events anyway. */
const keptFor = Duration.days(30);

/**
 * Where event sources put the batches of streams that they give up, whole: a person replays one by invoking the function with
 * the `payload` of its object. Private, encrypted, by TLS only. A queue gets a notice of each object, and the alarm stays on
 * until somebody has taken the notices out, or for 14 days.
 *
 * The notices come through EventBridge: S3's own notifications begin with a test message, which would set off the alarm at
 * every first deployment.
 */
export class FailureBucket extends Construct implements IEventSourceDlq {
  readonly bucket: Bucket;
  readonly notices: Queue;

  constructor(scope: Construct, id: string, props: { readonly protectData: boolean }) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      ...bucketProtection(props.protectData),
      lifecycleRules: [{ id: 'Expire', expiration: keptFor, abortIncompleteMultipartUploadAfter: keptFor }],
    });
    acknowledge(
      this.bucket,
      'AwsSolutions-S1',
      'Only Lambda writes to it, and seldom; where it has to be known who reads it, data events of CloudTrail tell.',
    );
    // `eventBridgeEnabled` of the bucket above would bring a Lambda of CDK's own.
    (this.bucket.node.defaultChild as CfnBucket).notificationConfiguration = {
      eventBridgeConfiguration: { eventBridgeEnabled: true },
    };
    this.notices = this.#addNotices();
    addAlarm(this, 'NotEmpty', {
      description:
        'Read models or queues lack events: batches of a stream were given up and wait in the failure bucket.',
      runbook: 'records-given-up',
      metric: this.notices.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1) }),
      above: 0,
    });
  }

  /** Lambda writes with the role of the function, and asks for no more than this; CDK's own destination grants all of S3. */
  bind(_source: IEventSourceMapping, target: IFunction): DlqDestinationConfig {
    const written = '/aws/lambda/*';
    Grant.addToPrincipal({
      grantee: target,
      actions: ['s3:PutObject'],
      resourceArns: [`${this.bucket.bucketArn}${written}`],
    });
    acknowledgeAllBelow(
      target,
      this.bucket,
      written,
      'Lambda makes up the keys below this, of the mapping, the shard and the time.',
    );
    Grant.addToPrincipal({
      grantee: target,
      actions: ['s3:ListBucket'],
      resourceArns: [this.bucket.bucketArn],
    });
    return { destination: this.bucket.bucketArn };
  }

  #addNotices(): Queue {
    const notices = new Queue(this, 'Notices', {
      ...queueProtection,
      redriveAllowPolicy: { redrivePermission: RedrivePermission.DENY_ALL },
    });
    const unconsumed =
      'Nothing receives from it but a person, who deletes what is dealt with: no receive can fail.';
    acknowledge(notices, 'AwsSolutions-SQS3', unconsumed);
    acknowledge(notices, 'Serverless-SQSRedrivePolicy', unconsumed);
    const arrivals = new Rule(this, 'Arrivals', {
      description: 'Tells of batches that were given up',
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: { bucket: { name: [this.bucket.bucketName] } },
      },
      targets: [new SqsQueue(notices)],
    });
    acknowledge(
      arrivals,
      'Serverless-EventBusDLQ',
      'EventBridge retries for a day, and the batch itself is in the bucket whether or not its notice arrives.',
    );
    return notices;
  }
}
