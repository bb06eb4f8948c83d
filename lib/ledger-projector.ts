import { Duration } from 'aws-cdk-lib';
import { KinesisEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import type { Control } from './control.ts';
import type { EventLog } from './event-log.ts';
import type { EventStream } from './event-stream.ts';
import { BackendFunction } from './function.ts';
import type { ReadModel } from './read-model.ts';
import type { StageProps } from './stages.ts';
import { StreamConsumer } from './stream-consumer.ts';

export interface LedgerProjectorProps extends StageProps {
  readonly eventLog: EventLog;
  readonly eventStream: EventStream;
  readonly readModel: ReadModel;
  readonly control: Control;
}

/** Folds published commits into the ledger's read model; what it missed it reads from the log. */
export class LedgerProjector extends Construct {
  constructor(scope: Construct, id: string, props: LedgerProjectorProps) {
    super(scope, id);
    const { eventLog, eventStream, readModel, control } = props;
    const projector = new BackendFunction(this, 'Projector', {
      ...props,
      functionName: 'ledger-projector',
      description: "Folds ledger events into the ledger's read model",
      timeout: Duration.minutes(1),
      memorySizeMb: 1024,
      environment: {
        EVENT_LOG_TABLE: eventLog.table.tableName,
        LEDGER_TABLE: readModel.table.tableName,
        CONTROL_TABLE: control.table.tableName,
        PARKED_TABLE: control.parked.tableName,
      },
    });
    eventLog.grantRead(projector.lambda);
    readModel.grantProject(projector.lambda);
    control.grantProgress(projector.lambda);
    control.grantRedrive(projector.lambda);
    new StreamConsumer(this, 'Events', {
      consumer: projector,
      eventSource: (shared) =>
        new KinesisEventSource(eventStream.stream, {
          ...shared,
          batchSize: 500,
          parallelizationFactor: props.config.projectorsPerShard,
        }),
    });
  }
}
