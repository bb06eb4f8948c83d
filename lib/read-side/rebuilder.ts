import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { contextNames } from '../../schema/contexts.ts';
import { tableVariable } from '../../schema/names.ts';
import { rebuilderName } from '../../schema/projections.ts';
import type { EventLog } from '../command-side/event-log.ts';
import { acknowledge } from '../platform/acknowledge.ts';
import { BackendFunction } from '../platform/function.ts';
import type { StageProps } from '../platform/stages.ts';
import type { Control } from './control.ts';
import type { ReadModels } from './read-side.ts';
import { RebuildMachine } from './rebuild-machine.ts';

export interface RebuilderProps extends StageProps {
  readonly eventLog: EventLog;
  readonly control: Control;
  readonly readModels: ReadModels;
}

/**
 * Builds read models again from the log, beside the running ones. It may not send to any queue or stream, nor append to the log: no
 * side effect fires again.
 */
export class Rebuilder extends Construct {
  readonly function: BackendFunction;

  constructor(scope: Construct, id: string, props: RebuilderProps) {
    super(scope, id);
    const { eventLog, control, readModels, config } = props;
    this.function = new BackendFunction(this, 'Rebuilder', {
      ...props,
      functionName: rebuilderName,
      description: 'Builds read models again from the log',
      userImpact: 'A rebuild of a read model does not progress',
      // The longest that Lambda allows. A part that takes longer continues in the next invocation.
      timeout: Duration.minutes(15),
      // One whole CPU.
      memorySizeMb: 1_769,
      environment: {
        EVENT_LOG_TABLE: eventLog.table.tableName,
        SNAPSHOT_TABLE: eventLog.snapshots.tableName,
        SEGMENT_TABLE: eventLog.segments.tableName,
        CONTROL_TABLE: control.table.tableName,
        PARKED_TABLE: control.parked.tableName,
        GENERATION_SETTLE_SECONDS: String(config.generationSettleSeconds),
        ...Object.fromEntries(
          contextNames.map((name) => [tableVariable(name), readModels[name].table.tableName]),
        ),
      },
    });
    const { lambda } = this.function;
    eventLog.grantRead(lambda);
    eventLog.grantScan(lambda);
    eventLog.grantReadSegments(lambda);
    eventLog.grantForget(lambda);
    this.function.alarmWhenLogChanged();
    this.function.alarmWhenParking();
    for (const name of contextNames) {
      readModels[name].grantRebuild(lambda);
      readModels[name].grantRepair(lambda);
    }
    control.grantFacts(lambda);
    control.grantRedrive(lambda);
    acknowledge(
      lambda,
      'Serverless-LambdaDLQ',
      'It is invoked synchronously, by the state machine or by a person, who get its error.',
    );
    new RebuildMachine(this, 'Machine', { ...props, rebuilder: this.function });
  }
}
