import { Duration } from 'aws-cdk-lib';
import { type IEventSource, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { StreamEventSourceProps } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import { addAlarm } from '../operations/alarm.ts';
import { acknowledge } from '../platform/acknowledge.ts';
import type { BackendFunction } from '../platform/function.ts';
import type { FailureBucket } from '../publishing/failure-bucket.ts';

/**
 * Both streams forget what is 24 hours old. Given up an hour before, what a consumer cannot take (while Lambda throttles it,
 * for one, which counts as no try) is still there to be kept.
 */
const maxRecordAge = Duration.hours(23);

export interface StreamConsumerProps {
  readonly consumer: BackendFunction;
  /** Keeps the batches that are given up. */
  readonly failures: FailureBucket;
  /** Builds the event source from the options that every stream consumer shares. */
  readonly eventSource: (shared: StreamEventSourceProps) => IEventSource;
}

/**
 * Feeds a function from a stream, and never loses a record silently: a batch that fails is split and retried, up to
 * 10 times and 23 hours, and what then still fails goes to the failure bucket, whose alarm tells of it. Others tell when the
 * consumer falls behind, when it sets something aside, and when the bucket could not be written to.
 */
export class StreamConsumer extends Construct {
  constructor(scope: Construct, id: string, props: StreamConsumerProps) {
    super(scope, id);
    props.consumer.lambda.addEventSource(
      props.eventSource({
        startingPosition: StartingPosition.TRIM_HORIZON,
        reportBatchItemFailures: true,
        bisectBatchOnError: true,
        retryAttempts: 10,
        maxRecordAge,
        onFailure: props.failures,
      }),
    );
    acknowledge(
      props.consumer.lambda,
      'Serverless-LambdaDLQ',
      'The event source invokes it synchronously, and has a failure destination of its own.',
    );
    addAlarm(this, 'Behind', {
      description: `${props.consumer.userImpact}: records have waited for more than a minute, five minutes long.`,
      runbook: 'consumer-behind',
      metric: props.consumer.lambda.metric('IteratorAge', {
        period: Duration.minutes(1),
        statistic: 'Maximum',
      }),
      above: Duration.minutes(1).toMilliseconds(),
      periods: 5,
    });
    addAlarm(this, 'NotKept', {
      description: `${props.consumer.userImpact}, for a batch that was given up and could not even be kept.`,
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
