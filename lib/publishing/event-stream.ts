import { Duration } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { type CfnStream, Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import { Construct } from 'constructs';
import { addAlarm } from '../operations/alarm.ts';
import { acknowledge } from '../platform/acknowledge.ts';
import { removalPolicy } from '../platform/protection.ts';
import { storageKeyOf } from '../platform/storage-key.ts';

export interface EventStreamProps {
  readonly protectData: boolean;
  /** A fixed number of shards, or as many as the load needs. */
  readonly shards: number | 'on-demand';
}

/**
 * The Kinesis stream of published commits. It keeps them for 24 hours (the default): a consumer that misses some reads
 * them from the log.
 */
export class EventStream extends Construct {
  readonly stream: Stream;

  constructor(scope: Construct, id: string, props: EventStreamProps) {
    super(scope, id);
    this.stream = new Stream(this, 'Stream', {
      ...(props.shards === 'on-demand'
        ? { streamMode: StreamMode.ON_DEMAND }
        : { streamMode: StreamMode.PROVISIONED, shardCount: props.shards }),
      encryption: StreamEncryption.MANAGED,
      removalPolicy: removalPolicy(props.protectData),
    });
    const key = storageKeyOf(this);
    if (key !== undefined) {
      // The option of the stream would also grant its consumers more than `storage-key-grants.ts` does.
      const stream = this.stream.node.defaultChild as CfnStream;
      stream.streamEncryption = { encryptionType: 'KMS', keyId: key.keyArn };
      acknowledge(
        this.stream,
        'AwsSolutions-KDS3',
        'The rule prefers the key of AWS for its price. The stage has a key of its own, which it can disable.',
      );
    }
    addAlarm(this, 'Throttled', {
      description:
        'Queries show outdated data: for ten minutes, the event stream has throttled the publisher.',
      runbook: 'event-stream-throttled',
      metric: this.stream.metricWriteProvisionedThroughputExceeded({
        period: Duration.minutes(5),
        statistic: 'Sum',
      }),
      above: 0,
      periods: 2,
    });
  }

  /** Grants publishing commits. */
  grantPublish(grantee: IGrantable): void {
    this.stream.grant(grantee, 'kinesis:PutRecords');
  }
}
