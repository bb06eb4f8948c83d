import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { EventLog } from '../command-side/event-log.ts';
import { BackendFunction } from '../platform/function.ts';
import type { StageProps } from '../platform/stages.ts';
import type { WorkQueue } from '../publishing/work-queue.ts';
import type { Control } from './control.ts';
import type { ReadModel } from './read-model.ts';

export interface TodoProjectorProps extends StageProps {
  readonly eventLog: EventLog;
  readonly queue: WorkQueue;
  readonly readModel: ReadModel;
  readonly control: Control;
}

/** Folds the commits that its queue brings into open and closed work; what it missed it reads from the log. */
export class TodoProjector extends Construct {
  static readonly timeout = Duration.minutes(1);
  static readonly userImpact = 'Open work is out of date';
  readonly function: BackendFunction;

  constructor(scope: Construct, id: string, props: TodoProjectorProps) {
    super(scope, id);
    const { eventLog, queue, readModel, control } = props;
    this.function = new BackendFunction(this, 'Projector', {
      ...props,
      functionName: 'todo-projector',
      description: 'Folds commits into the work that is to be done',
      userImpact: TodoProjector.userImpact,
      timeout: TodoProjector.timeout,
      memorySizeMb: 1024,
      environment: {
        EVENT_LOG_TABLE: eventLog.table.tableName,
        TODO_TABLE: readModel.table.tableName,
        PARKED_TABLE: control.parked.tableName,
      },
    });
    const projector = this.function;
    projector.alarmWhenParking();
    eventLog.grantRead(projector.lambda);
    readModel.grantProject(projector.lambda);
    control.grantRedrive(projector.lambda);
    // Few at once: batches that hold commits of one stream race for its row.
    queue.feed(projector, { batchSize: 10, maxConcurrency: 5 });
  }
}
