import { Duration } from 'aws-cdk-lib';
import { type IEventSource, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDlq, type StreamEventSourceProps } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { addAlarm } from './alarm.ts';
import type { BackendFunction } from './function.ts';

export interface StreamConsumerProps {
  readonly consumer: BackendFunction;
  /** Builds the event source from the options that every stream consumer shares. */
  readonly eventSource: (shared: StreamEventSourceProps) => IEventSource;
}

/**
 * Feeds a function from a stream, and never loses a record silently: a batch that fails is split and retried, up to
 * 10 times and 24 hours, and what then still fails goes to a failure queue that keeps it for 14 days. Alarms tell when
 * the queue holds something and when the consumer falls behind.
 */
export class StreamConsumer extends Construct {
  /** Gets where the failed batch stands in its stream, not the records themselves. */
  readonly failures: Queue;

  constructor(scope: Construct, id: string, props: StreamConsumerProps) {
    super(scope, id);
    this.failures = new Queue(this, 'Failures', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    props.consumer.lambda.addEventSource(
      props.eventSource({
        startingPosition: StartingPosition.TRIM_HORIZON,
        reportBatchItemFailures: true,
        bisectBatchOnError: true,
        retryAttempts: 10,
        maxRecordAge: Duration.hours(24),
        onFailure: new SqsDlq(this.failures),
      }),
    );
    addAlarm(this, 'FailuresNotEmpty', {
      description: `${props.consumer.lacking}, for records that were given up.`,
      runbook: 'records-given-up',
      metric: this.failures.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1) }),
      above: 0,
    });
    addAlarm(this, 'Behind', {
      description: `${props.consumer.lacking}: records have waited for more than a minute, five minutes long.`,
      runbook: 'consumer-behind',
      metric: props.consumer.lambda.metric('IteratorAge', {
        period: Duration.minutes(1),
        statistic: 'Maximum',
      }),
      above: Duration.minutes(1).toMilliseconds(),
      periods: 5,
    });
    props.consumer.alarmWhenParking();
  }
}
