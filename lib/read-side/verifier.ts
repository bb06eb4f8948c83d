import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { contextNames } from '../../schema/contexts.ts';
import { tableVariable } from '../../schema/names.ts';
import { verifierName } from '../../schema/projections.ts';
import type { EventLog } from '../command-side/event-log.ts';
import { addAlarm, addSilenceAlarm } from '../operations/alarm.ts';
import { telemetryMetric } from '../operations/telemetry-metric.ts';
import { acknowledge } from '../platform/acknowledge.ts';
import { BackendFunction } from '../platform/function.ts';
import type { StageProps } from '../platform/stages.ts';
import type { Control } from './control.ts';
import type { ReadModels } from './read-side.ts';

export interface VerifierProps extends StageProps {
  readonly eventLog: EventLog;
  readonly control: Control;
  readonly readModels: ReadModels;
}

/**
 * Compares a sample of the rows of every read model with the log, once an hour, and all of them when a person asks. It may read only.
 */
export class Verifier extends Construct {
  readonly function: BackendFunction;

  constructor(scope: Construct, id: string, props: VerifierProps) {
    super(scope, id);
    const { stage, eventLog, control, readModels, config } = props;
    this.function = new BackendFunction(this, 'Verifier', {
      ...props,
      functionName: verifierName,
      description: 'Compares rows of read models with the log',
      userImpact: 'Nobody notices wrong rows of read models',
      // The longest that Lambda allows. A comparison of all rows that takes longer continues in the next invocation.
      timeout: Duration.minutes(15),
      // One whole CPU, and room for the lines of long streams.
      memorySizeMb: 1_769,
      environment: {
        EVENT_LOG_TABLE: eventLog.table.tableName,
        SEGMENT_TABLE: eventLog.segments.tableName,
        CONTROL_TABLE: control.table.tableName,
        PARKED_TABLE: control.parked.tableName,
        VERIFY_SAMPLE: String(config.verifySample),
        ...Object.fromEntries(
          contextNames.map((name) => [tableVariable(name), readModels[name].table.tableName]),
        ),
      },
    });
    const { lambda, userImpact, shortName: service } = this.function;
    eventLog.grantRead(lambda);
    eventLog.grantScan(lambda);
    eventLog.grantReadSegments(lambda);
    this.function.alarmWhenLogChanged();
    for (const name of contextNames) readModels[name].grantVerify(lambda);
    control.grantReadFacts(lambda);
    control.grantReadParked(lambda);
    const rule = new Rule(this, 'EveryHour', {
      description: 'Compares a sample of rows with the log',
      schedule: Schedule.rate(Duration.hours(1)),
      targets: [new LambdaFunction(lambda, { retryAttempts: 0 })],
    });
    const reason = 'A run that fails loses no work: the next run, an hour later, compares another sample.';
    acknowledge(rule, 'Serverless-EventBusDLQ', reason);
    acknowledge(lambda, 'Serverless-LambdaDLQ', reason);
    const period = Duration.hours(1);
    addAlarm(this, 'Differ', {
      description: 'Queries show wrong data: rows differ from the log.',
      runbook: 'row-differs',
      metric: telemetryMetric('Differences', { stage, service, period }),
      above: 0,
      // The next sample has other rows. So it stays on for a day.
      within: 24,
    });
    addSilenceAlarm(this, 'Stopped', {
      description: `${userImpact}: the schedule has not run the verifier for three hours.`,
      runbook: 'verifier-stopped',
      metric: lambda.metricInvocations({ period }),
      periods: 3,
    });
  }
}
