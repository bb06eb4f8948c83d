import { Duration } from 'aws-cdk-lib';
import { FilterCriteria, FilterRule } from 'aws-cdk-lib/aws-lambda';
import { KinesisEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import { type ContextEntry, type ContextName, contexts } from '../../schema/contexts.ts';
import { batchesPerShardVariable, projectorName, tableVariable } from '../../schema/names.ts';
import { projectorTimeoutSeconds } from '../../schema/projections.ts';
import type { EventLog } from '../command-side/event-log.ts';
import { BackendFunction } from '../platform/function.ts';
import type { StageProps } from '../platform/stages.ts';
import type { EventStream } from '../publishing/event-stream.ts';
import type { FailureBucket } from '../publishing/failure-bucket.ts';
import type { WorkQueues } from '../publishing/work-queue.ts';
import type { Control } from './control.ts';
import type { ReadModel } from './read-model.ts';
import { StreamConsumer } from './stream-consumer.ts';

export interface ProjectorProps extends StageProps {
  /** Its catalogue entry names the source of the commits. */
  readonly context: ContextName;
  readonly readModel: ReadModel;
  readonly eventLog: EventLog;
  readonly control: Control;
  readonly eventStream: EventStream;
  readonly queues: WorkQueues;
  readonly failures: FailureBucket;
}

/** Folds published commits into one context's read model. Commits that did not arrive are read from the log. */
export class Projector extends Construct {
  static readonly timeout = Duration.seconds(projectorTimeoutSeconds);
  readonly function: BackendFunction;
  /** Whether the event stream feeds it, rather than a work queue. */
  readonly isOnStream: boolean;

  constructor(scope: Construct, id: string, props: ProjectorProps) {
    super(scope, id);
    const { context, eventLog, readModel, control } = props;
    const { source, userImpact }: ContextEntry = contexts[context];
    this.isOnStream = source.kind === 'stream';
    this.function = new BackendFunction(this, 'Projector', {
      ...props,
      functionName: projectorName(context),
      description: this.isOnStream
        ? 'Folds published commits into a read model'
        : 'Folds commits into the list of open work',
      userImpact,
      timeout: Projector.timeout,
      memorySizeMb: 1024,
      environment: {
        EVENT_LOG_TABLE: eventLog.table.tableName,
        [tableVariable(context)]: readModel.table.tableName,
        PARKED_TABLE: control.parked.tableName,
        // Holds the generations to write, and for a projector on the stream the progress in each shard.
        CONTROL_TABLE: control.table.tableName,
        ...(this.isOnStream && { [batchesPerShardVariable]: String(props.config.projectorsPerShard) }),
      },
    });
    const { lambda } = this.function;
    eventLog.grantRead(lambda);
    this.function.alarmWhenLogChanged();
    readModel.grantProject(lambda);
    control.grantReadFacts(lambda);
    // For a queue, SQS reports the age of the messages instead.
    if (this.isOnStream) control.grantProgress(lambda);
    control.grantRedrive(lambda);
    if (source.kind === 'stream') this.#readStream(props, source.batchSize);
    else this.#receiveFrom(props.queues[source.queue]);
  }

  #readStream({ context, eventStream, failures, config }: ProjectorProps, batchSize: number): void {
    const ownCommits = FilterCriteria.filter({ data: { category: FilterRule.isEqual(context) } });
    new StreamConsumer(this, 'Events', {
      consumer: this.function,
      failures,
      eventSource: (shared) =>
        new KinesisEventSource(eventStream.stream, {
          ...shared,
          batchSize,
          parallelizationFactor: config.projectorsPerShard,
          ...(config.eventFilters === 'on' && { filters: [ownCommits] }),
        }),
    });
  }

  #receiveFrom(queue: WorkQueues[keyof WorkQueues]): void {
    this.function.alarmWhenParking();
    // Low, because concurrent batches with commits of the same stream conflict when they write its row.
    queue.feed(this.function, { batchSize: 10, maxConcurrency: 5 });
  }
}
