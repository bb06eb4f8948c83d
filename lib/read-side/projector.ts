import { Duration } from 'aws-cdk-lib';
import { KinesisEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import type { EventLog } from '../command-side/event-log.ts';
import { BackendFunction } from '../platform/function.ts';
import type { StageProps } from '../platform/stages.ts';
import type { EventStream } from '../publishing/event-stream.ts';
import type { FailureBucket } from '../publishing/failure-bucket.ts';
import type { Control } from './control.ts';
import type { ReadModel } from './read-model.ts';
import { StreamConsumer } from './stream-consumer.ts';

export interface ProjectorProps extends StageProps {
  readonly functionName: string;
  /** What users notice while it does not work; alarms begin with it. */
  readonly userImpact: string;
  /** The variable that names the read model's table to the function. */
  readonly tableVariable: string;
  readonly eventLog: EventLog;
  readonly eventStream: EventStream;
  readonly readModel: ReadModel;
  readonly control: Control;
  readonly failures: FailureBucket;
  /** Commits in one invocation, at most. */
  readonly batchSize: number;
}

/** Folds published commits into one context's read model; what it missed it reads from the log. */
export class Projector extends Construct {
  readonly function: BackendFunction;

  constructor(scope: Construct, id: string, props: ProjectorProps) {
    super(scope, id);
    const { functionName, tableVariable, eventLog, eventStream, readModel, control, failures, batchSize } =
      props;
    this.function = new BackendFunction(this, 'Projector', {
      ...props,
      functionName,
      description: 'Folds published commits into a read model',
      timeout: Duration.minutes(1),
      memorySizeMb: 1024,
      environment: {
        EVENT_LOG_TABLE: eventLog.table.tableName,
        [tableVariable]: readModel.table.tableName,
        CONTROL_TABLE: control.table.tableName,
        PARKED_TABLE: control.parked.tableName,
      },
    });
    const projector = this.function;
    eventLog.grantRead(projector.lambda);
    readModel.grantProject(projector.lambda);
    control.grantProgress(projector.lambda);
    control.grantRedrive(projector.lambda);
    new StreamConsumer(this, 'Events', {
      consumer: projector,
      failures,
      eventSource: (shared) =>
        new KinesisEventSource(eventStream.stream, {
          ...shared,
          batchSize,
          parallelizationFactor: props.config.projectorsPerShard,
        }),
    });
  }
}
