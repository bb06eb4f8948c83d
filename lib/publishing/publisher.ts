import { Duration } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { FilterCriteria, FilterRule } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import { queueNames } from '../../schema/contexts.ts';
import { queueUrlVariable } from '../../schema/names.ts';
import type { EventLog } from '../command-side/event-log.ts';
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

/** Publishes every commit that is appended to the log. */
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
          queueNames.map((name) => [queueUrlVariable(name), queues[name].queue.queueUrl]),
        ),
        CONTROL_TABLE: control.table.tableName,
        PARKED_TABLE: control.parked.tableName,
      },
    });
    const publisher = this.function;
    eventStream.grantPublish(publisher.lambda);
    for (const queue of Object.values(queues)) queue.grantSend(publisher.lambda);
    control.grantProgress(publisher.lambda);
    control.grantPark(publisher.lambda);
    publisher.alarmWhenLogChanged();
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
  }
}
