import { Duration } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, RedrivePermission } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { maxReceives } from '../../schema/queues.ts';
import { addAlarm } from '../operations/alarm.ts';
import { acknowledge } from '../platform/acknowledge.ts';
import type { BackendFunction } from '../platform/function.ts';
import { queueProtection } from '../platform/protection.ts';

export interface WorkQueueProps {
  /** What users notice while messages wait; alarms begin with it. */
  readonly userImpact: string;
  /** Of one invocation of the function that {@link WorkQueue.feed} feeds. */
  readonly consumerTimeout: Duration;
}

export interface FeedProps {
  /** Messages in one invocation, 1 to 10. */
  readonly batchSize: number;
  /** Invocations at once, at least 2. */
  readonly maxConcurrency: number;
}

/**
 * A standard queue that feeds one function: it may bring a message twice, and in any order. What fails comes again, up
 * to 5 times in all, and then waits in a failure queue for 14 days. Alarms tell when that one holds something and when
 * messages wait.
 */
export class WorkQueue extends Construct {
  readonly queue: Queue;
  readonly failures: Queue;

  constructor(scope: Construct, id: string, props: WorkQueueProps) {
    super(scope, id);
    this.failures = new Queue(this, 'Failures', queueProtection);
    acknowledge(
      this.failures,
      'Serverless-SQSRedrivePolicy',
      'It is the dead-letter queue of another: a person takes out what is in it.',
    );
    this.queue = new Queue(this, 'Queue', {
      ...queueProtection,
      // As AWS advises, so that a message does not come again while its batch is retried after throttling.
      visibilityTimeout: Duration.seconds(6 * props.consumerTimeout.toSeconds()),
      redriveAllowPolicy: { redrivePermission: RedrivePermission.DENY_ALL },
      deadLetterQueue: { queue: this.failures, maxReceiveCount: maxReceives },
    });
    addAlarm(this, 'FailuresNotEmpty', {
      description: `${props.userImpact}, for messages that were given up.`,
      runbook: 'messages-given-up',
      metric: this.failures.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1) }),
      above: 0,
    });
    addAlarm(this, 'Behind', {
      description: `${props.userImpact}: messages have waited for more than ten minutes, five minutes long.`,
      runbook: 'queue-behind',
      metric: this.queue.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(1) }),
      above: Duration.minutes(10).toSeconds(),
      periods: 5,
    });
  }

  /** Feeds a function, which may also read, delete and hide the messages. */
  feed(consumer: BackendFunction, { batchSize, maxConcurrency }: FeedProps): void {
    consumer.lambda.addEventSource(
      new SqsEventSource(this.queue, { batchSize, maxConcurrency, reportBatchItemFailures: true }),
    );
    const reason =
      'What fails stays in the queue, which moves it to its dead-letter queue after the last receive.';
    acknowledge(consumer.lambda, 'Serverless-LambdaEventSourceMappingDestination', reason);
    acknowledge(consumer.lambda, 'Serverless-LambdaDLQ', reason);
  }

  /** To put messages in. */
  grantSend(grantee: IGrantable): void {
    Grant.addToPrincipal({ grantee, actions: ['sqs:SendMessage'], resourceArns: [this.queue.queueArn] });
  }
}
