import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { Grant, type IGrantable, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type {
  DlqDestinationConfig,
  IEventSourceDlq,
  IEventSourceMapping,
  IFunction,
} from 'aws-cdk-lib/aws-lambda';
import { Bucket, type CfnBucket } from 'aws-cdk-lib/aws-s3';
import { type Queue, RedrivePermission } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { addAlarm } from '../operations/alarm.ts';
import { acknowledge, acknowledgeAllBelow } from '../platform/acknowledge.ts';
import { DataQueue } from '../platform/data-queue.ts';
import { bucketProtection } from '../platform/protection.ts';
import { acknowledgeStandard } from '../platform/standards.ts';
import { storageKeyOf } from '../platform/storage-key.ts';

/** Batches hold personal data, so they are kept only long enough to be replayed. The log keeps their events. */
const retention = Duration.days(30);

/**
 * Stores the batches that event sources give up. To replay one, invoke the function with the
 * `payload` of its object. The bucket is private, encrypted, and accepts TLS only. A queue receives a notice of each
 * object. The alarm stays on until a person deletes the notices, or for 14 days.
 *
 * The notices come through EventBridge. S3's own notifications begin with a test message, which would set off the alarm
 * at every first deployment.
 */
export class FailureBucket extends Construct implements IEventSourceDlq {
  readonly bucket: Bucket;
  readonly notices: Queue;

  constructor(scope: Construct, id: string, props: { readonly protectData: boolean }) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      ...bucketProtection(props.protectData, storageKeyOf(this)),
      lifecycleRules: [
        { id: 'Expire', expiration: retention, abortIncompleteMultipartUploadAfter: retention },
      ],
    });
    acknowledge(
      this.bucket,
      'AwsSolutions-S1',
      'Only Lambda writes to it, and rarely. CloudTrail records who reads it, on stages with `dataEvents`.',
    );
    acknowledgeStandard(
      this.bucket,
      'S3BucketVersioningEnabled',
      'Batches are written once, by names of their own, and expire after 30 days. A version would keep a batch longer.',
    );
    // The option `eventBridgeEnabled` of the bucket above would add a Lambda function of the CDK.
    (this.bucket.node.defaultChild as CfnBucket).notificationConfiguration = {
      eventBridgeConfiguration: { eventBridgeEnabled: true },
    };
    this.notices = this.#addNotices();
    addAlarm(this, 'NotEmpty', {
      description:
        'Read models or queues miss events: batches of a stream were given up and wait in the failure bucket.',
      runbook: 'records-given-up',
      metric: this.notices.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1) }),
      above: 0,
    });
  }

  /** Grants the function's role what Lambda needs to write a batch. The CDK's own destination grants more. */
  bind(_source: IEventSourceMapping, target: IFunction): DlqDestinationConfig {
    const keys = '/aws/lambda/*';
    Grant.addToPrincipal({
      grantee: target,
      actions: ['s3:PutObject'],
      resourceArns: [`${this.bucket.bucketArn}${keys}`],
    });
    acknowledgeAllBelow(
      target,
      this.bucket,
      keys,
      'Lambda chooses the keys below this prefix, from the mapping, the shard and the time.',
    );
    Grant.addToPrincipal({
      grantee: target,
      actions: ['s3:ListBucket'],
      resourceArns: [this.bucket.bucketArn],
    });
    return { destination: this.bucket.bucketArn };
  }

  /** Grants reading the number of notices: the batches that no person has handled. */
  grantReadDepth(grantee: IGrantable): void {
    Grant.addToPrincipal({
      grantee,
      actions: ['sqs:GetQueueAttributes'],
      resourceArns: [this.notices.queueArn],
    });
  }

  #addNotices(): Queue {
    const notices = new DataQueue(this, 'Notices', {
      redriveAllowPolicy: { redrivePermission: RedrivePermission.DENY_ALL },
    });
    const unconsumed = 'No function consumes it. A person reads the notices, and deletes them afterwards.';
    acknowledge(notices, 'AwsSolutions-SQS3', unconsumed);
    acknowledge(notices, 'Serverless-SQSRedrivePolicy', unconsumed);
    const arrivals = new Rule(this, 'Arrivals', {
      description: 'Reports batches that were given up',
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: { bucket: { name: [this.bucket.bucketName] } },
      },
      // The target of the CDK would let every rule of the account send to a queue that has a key of the stage.
      targets: [{ bind: () => ({ arn: notices.queueArn, targetResource: notices }) }],
    });
    notices.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [notices.queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': arrivals.ruleArn } },
      }),
    );
    acknowledge(
      arrivals,
      'Serverless-EventBusDLQ',
      'EventBridge retries for a day, and the bucket holds the batch even if its notice does not arrive.',
    );
    return notices;
  }
}
