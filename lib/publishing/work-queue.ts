import { Duration } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { type CfnQueue, type Queue, RedrivePermission } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { QueueName } from '../../schema/contexts.ts';
import { addAlarm } from '../operations/alarm.ts';
import { acknowledge } from '../platform/acknowledge.ts';
import { DataQueue } from '../platform/data-queue.ts';
import type { BackendFunction } from '../platform/function.ts';

/** The queue of every name in the catalogue. */
export type WorkQueues = Readonly<Record<QueueName, WorkQueue>>;

export interface WorkQueueProps {
  /** The function that will consume the queue: see {@link WorkQueue.feed}. */
  readonly consumer: {
    /** Of one invocation. */
    readonly timeout: Duration;
    /**
     * How long a message stays hidden that was delivered, at least the timeout. Default: six times the timeout, as AWS advises: no
     * message is delivered again while its batch is retried after throttling.
     */
    readonly visibilityTimeout?: Duration;
    /** What users notice while messages wait. Alarm descriptions begin with it. */
    readonly userImpact: string;
  };
  /** Deliveries of a message that fails, before it moves to the failure queue. */
  readonly maxReceives: number;
  /** The queue is the failure queue of another one. Default: it is a queue of its own. */
  readonly existing?: Queue;
  /** The failure queue will be another work queue's {@link existing}, which then has the alarm on what failed. Default: false. */
  readonly failuresAreFed?: boolean;
}

/** How a queue delivers messages to its consumer. */
export interface FeedProps {
  /** Messages in one invocation, 1 to 10. */
  readonly batchSize: number;
  /** Concurrent invocations, at least 2. */
  readonly maxConcurrency: number;
}

/**
 * A standard SQS queue that feeds one function. It may deliver a message twice, and in any order. A message that fails is
 * delivered {@link WorkQueueProps.maxReceives} times in all. Then it moves to a failure queue, in which it waits for a person until it
 * is 14 days old, or which is a work queue too. One alarm goes off when messages wait for a person, another when messages wait too long, also because the consumer is not invoked at
 * all: SQS itself measures their age.
 */
export class WorkQueue extends Construct {
  readonly queue: Queue;
  readonly failures: Queue;

  constructor(scope: Construct, id: string, props: WorkQueueProps) {
    super(scope, id);
    const { consumer, maxReceives, existing, failuresAreFed = false } = props;
    this.failures = new DataQueue(this, 'Failures');
    if (!failuresAreFed) this.#waitForAPerson(consumer.userImpact);
    const visibilityTimeout =
      consumer.visibilityTimeout ?? Duration.seconds(6 * consumer.timeout.toSeconds());
    this.queue =
      existing ??
      new DataQueue(this, 'Queue', {
        visibilityTimeout,
        redriveAllowPolicy: { redrivePermission: RedrivePermission.DENY_ALL },
        deadLetterQueue: { queue: this.failures, maxReceiveCount: maxReceives },
      });
    if (existing !== undefined) this.#redrive(existing, { visibilityTimeout, maxReceives });
    addAlarm(this, 'Behind', {
      description: `${consumer.userImpact}: for five minutes, messages have waited for more than ten minutes.`,
      runbook: 'queue-behind',
      metric: this.queue.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(1) }),
      above: Duration.minutes(10).toSeconds(),
      periods: 5,
    });
  }

  /** A person handles what is in the failure queue. */
  #waitForAPerson(userImpact: string): void {
    acknowledge(
      this.failures,
      'Serverless-SQSRedrivePolicy',
      'It is the dead-letter queue of another queue: a person handles its messages.',
    );
    addAlarm(this, 'FailuresNotEmpty', {
      description: `${userImpact}: messages failed too often and wait in the failure queue.`,
      runbook: 'messages-given-up',
      metric: this.failures.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1) }),
      above: 0,
    });
  }

  /** Gives an existing queue what its consumer needs. It stays the same resource, so a deployment keeps its messages. */
  #redrive(
    existing: Queue,
    {
      visibilityTimeout,
      maxReceives,
    }: { readonly visibilityTimeout: Duration; readonly maxReceives: number },
  ): void {
    const resource = existing.node.defaultChild as CfnQueue;
    resource.visibilityTimeout = visibilityTimeout.toSeconds();
    resource.redrivePolicy = {
      deadLetterTargetArn: this.failures.queueArn,
      maxReceiveCount: maxReceives,
    };
  }

  /** Delivers the messages to a function, and grants it to receive, delete and hide them. */
  feed(consumer: BackendFunction, { batchSize, maxConcurrency }: FeedProps): void {
    consumer.lambda.addEventSource(
      new SqsEventSource(this.queue, { batchSize, maxConcurrency, reportBatchItemFailures: true }),
    );
    const reason =
      'A message that fails stays in the queue, which moves it to its dead-letter queue after the last receive.';
    acknowledge(consumer.lambda, 'Serverless-LambdaEventSourceMappingDestination', reason);
    acknowledge(consumer.lambda, 'Serverless-LambdaDLQ', reason);
  }

  /** Grants reading the number of messages, also of those that failed too often. */
  grantReadDepth(grantee: IGrantable): void {
    const resourceArns = [this.queue.queueArn, this.failures.queueArn];
    Grant.addToPrincipal({ grantee, actions: ['sqs:GetQueueAttributes'], resourceArns });
  }

  /** Grants sending messages. */
  grantSend(grantee: IGrantable): void {
    Grant.addToPrincipal({ grantee, actions: ['sqs:SendMessage'], resourceArns: [this.queue.queueArn] });
  }
}
