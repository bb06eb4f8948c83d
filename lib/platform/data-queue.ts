import { Duration } from 'aws-cdk-lib';
import { type CfnQueue, Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { storageKeyOf } from './storage-key.ts';

/**
 * How long SQS uses a data key before it asks KMS for another, per caller: the maximum is 24 hours. So long it also delivers
 * messages after the key was disabled.
 */
const dataKeyReuse = Duration.hours(1);

export type DataQueueProps = Pick<QueueProps, 'visibilityTimeout' | 'redriveAllowPolicy' | 'deadLetterQueue'>;

/**
 * A queue that accepts TLS only and keeps messages for 14 days, the maximum of SQS. It is encrypted by the storage key of the stage if
 * it has one, else by SQS.
 */
export class DataQueue extends Queue {
  constructor(scope: Construct, id: string, props: DataQueueProps = {}) {
    super(scope, id, {
      ...props,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    const key = storageKeyOf(this);
    if (key === undefined) return;
    // The options of the queue would also grant its consumers more than `storage-key-grants.ts` does.
    const queue = this.node.defaultChild as CfnQueue;
    queue.sqsManagedSseEnabled = undefined;
    queue.kmsMasterKeyId = key.keyArn;
    queue.kmsDataKeyReusePeriodSeconds = dataKeyReuse.toSeconds();
  }
}
