import { Duration } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { FilterCriteria, FilterRule } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import { publishedQueueNames } from '../../schema/contexts.ts';
import { queueUrlVariable } from '../../schema/names.ts';
import type { EventLog } from '../command-side/event-log.ts';
import { addAlarm, addSilenceAlarm } from '../operations/alarm.ts';
import { ruleInvocations } from '../operations/rule-invocations.ts';
import { telemetryMetric } from '../operations/telemetry-metric.ts';
import { acknowledge } from '../platform/acknowledge.ts';
import { BackendFunction } from '../platform/function.ts';
import type { StageProps } from '../platform/stages.ts';
import type { Control } from '../read-side/control.ts';
import { StreamConsumer } from '../read-side/stream-consumer.ts';
import type { EventStream } from './event-stream.ts';
import type { FailureBucket } from './failure-bucket.ts';
import type { WorkQueues } from './work-queue.ts';

export interface PublisherProps extends StageProps {
  readonly eventLog: EventLog;
  readonly eventStream: EventStream;
  /** Each gets the commits that the catalogue assigns to it. The event stream gets all commits. */
  readonly queues: WorkQueues;
  readonly control: Control;
  readonly failures: FailureBucket;
}

/**
 * Publishes every commit that is appended to the log. What a destination does not accept waits for it, and is published
 * again every minute.
 */
export class Publisher extends Construct {
  readonly function: BackendFunction;

  constructor(scope: Construct, id: string, props: PublisherProps) {
    super(scope, id);
    const { eventLog, eventStream, queues, control, failures } = props;
    this.function = new BackendFunction(this, 'Publisher', {
      ...props,
      functionName: 'publisher',
      description: 'Publishes commits from the event log to the event stream and the queues',
      userImpact: 'New events reach no read model and no queue',
      timeout: Duration.seconds(30),
      memorySizeMb: 512,
      environment: {
        EVENT_STREAM: eventStream.stream.streamName,
        ...Object.fromEntries(
          publishedQueueNames.map((name) => [queueUrlVariable(name), queues[name].queue.queueUrl]),
        ),
        EVENT_LOG_TABLE: eventLog.table.tableName,
        CONTROL_TABLE: control.table.tableName,
        PARKED_TABLE: control.parked.tableName,
        WAITING_TABLE: control.waiting.tableName,
      },
    });
    const publisher = this.function;
    eventStream.grantPublish(publisher.lambda);
    for (const name of publishedQueueNames) queues[name].grantSend(publisher.lambda);
    eventLog.grantReadCommits(publisher.lambda);
    control.grantProgress(publisher.lambda);
    publisher.alarmWhenLogChanged();
    control.grantReadFacts(publisher.lambda);
    control.grantRedrive(publisher.lambda);
    control.grantWait(publisher.lambda);
    this.#drainEveryMinute();
    addAlarm(this, 'Waiting', {
      description: `${publisher.userImpact}: for ten minutes, a destination has not accepted commits.`,
      runbook: 'commits-waiting',
      metric: telemetryMetric('WaitingLag', {
        stage: props.stage,
        service: publisher.shortName,
        period: Duration.minutes(5),
      }),
      above: Duration.minutes(5).toMilliseconds(),
      periods: 2,
    });
    new StreamConsumer(this, 'Commits', {
      consumer: publisher,
      failures,
      eventSource: (shared) =>
        // Cast because exactOptionalPropertyTypes is stricter than the library's own declarations.
        new DynamoEventSource(eventLog.table as ITable, {
          ...shared,
          batchSize: 100,
          // All of them: what is no append must not occur, and raises an alarm.
          filters: [FilterCriteria.filter({ eventName: FilterRule.or('INSERT', 'MODIFY', 'REMOVE') })],
        }),
    });
    const role = publisher.lambda.role;
    if (role !== undefined) {
      const listing =
        'Listing streams cannot be limited to a resource: a test allows the wildcard for it alone.';
      acknowledge(role, 'AwsSolutions-IAM5[Resource::*]', listing);
    }
  }

  /** Publishes what waits for a destination. A batch that a destination accepts does so too, but only while events arrive. */
  #drainEveryMinute(): void {
    const rule = new Rule(this, 'EveryMinute', {
      description: 'Publishes commits that wait for a destination',
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new LambdaFunction(this.function.lambda, { retryAttempts: 0 })],
    });
    acknowledge(
      rule,
      'Serverless-EventBusDLQ',
      'A run that fails loses no work: the next run, a minute later, publishes the same commits.',
    );
    addSilenceAlarm(this, 'NotDrained', {
      description: `${this.function.userImpact}: the schedule for waiting commits has not run for fifteen minutes.`,
      runbook: 'commits-waiting',
      metric: ruleInvocations(rule, Duration.minutes(5)),
      periods: 3,
    });
  }
}
