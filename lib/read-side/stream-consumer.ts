import { Duration } from 'aws-cdk-lib';
import { type IEventSource, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { StreamEventSourceProps } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import { addAlarm } from '../operations/alarm.ts';
import { acknowledge } from '../platform/acknowledge.ts';
import type { BackendFunction } from '../platform/function.ts';
import type { FailureBucket } from '../publishing/failure-bucket.ts';

/**
 * Both streams delete records after 24 hours. A batch that is given up an hour earlier can still be read and stored. This is
 * the only limit of retries: the functions park what they cannot handle, so that retries meet outages only, and an outage
 * may be long.
 */
const maxRecordAge = Duration.hours(23);

/** Without a limit. Explicit, because removing a number from a deployed template might keep it. */
const unlimitedRetries = -1;

export interface StreamConsumerProps {
  readonly consumer: BackendFunction;
  /** Stores the batches that are given up. */
  readonly failures: FailureBucket;
  /** Builds the event source from the options that every stream consumer shares. */
  readonly eventSource: (shared: StreamEventSourceProps) => IEventSource;
}

/**
 * Feeds a function from a stream, and loses no record silently. A batch that fails is split and retried for at most 23
 * hours. A batch that still fails goes to the failure bucket, which has an alarm. Other alarms go off when the consumer
 * falls behind, when it parks something, when it is not invoked at all, and when the bucket cannot be written to.
 */
export class StreamConsumer extends Construct {
  constructor(scope: Construct, id: string, props: StreamConsumerProps) {
    super(scope, id);
    props.consumer.lambda.addEventSource(
      props.eventSource({
        startingPosition: StartingPosition.TRIM_HORIZON,
        reportBatchItemFailures: true,
        bisectBatchOnError: true,
        retryAttempts: unlimitedRetries,
        maxRecordAge,
        onFailure: props.failures,
      }),
    );
    acknowledge(
      props.consumer.lambda,
      'Serverless-LambdaDLQ',
      'The event source invokes it synchronously, and has its own failure destination.',
    );
    addAlarm(this, 'Behind', {
      description: `${props.consumer.userImpact}: records have waited for more than a minute.`,
      runbook: 'consumer-behind',
      metric: props.consumer.lambda.metric('IteratorAge', {
        period: Duration.minutes(1),
        statistic: 'Maximum',
      }),
      above: Duration.minutes(1).toMilliseconds(),
      // Lambda measures the age at an invocation. A consumer that fails is not invoked in every minute.
      periods: 2,
      within: 10,
    });
    addAlarm(this, 'NotKept', {
      description: `${props.consumer.userImpact}: a batch was given up and could not be stored.`,
      runbook: 'batches-not-kept',
      metric: props.consumer.lambda.metric('DestinationDeliveryFailures', {
        period: Duration.minutes(5),
        statistic: 'Sum',
      }),
      above: 0,
    });
    props.consumer.alarmWhenParking();
  }
}
