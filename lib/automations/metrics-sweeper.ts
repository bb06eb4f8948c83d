import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { tableVariable } from '../../schema/names.ts';
import { projectorTimeoutSeconds } from '../../schema/projections.ts';
import { listIndex } from '../../schema/tables.ts';
import type { EventLog } from '../command-side/event-log.ts';
import { addSilenceAlarm } from '../operations/alarm.ts';
import { acknowledge } from '../platform/acknowledge.ts';
import { BackendFunction } from '../platform/function.ts';
import type { StageProps } from '../platform/stages.ts';
import type { Control } from '../read-side/control.ts';
import type { ReadModel } from '../read-side/read-model.ts';

export interface MetricsSweeperProps extends StageProps {
  readonly eventLog: EventLog;
  readonly readModel: ReadModel;
  readonly control: Control;
}

/** Expires the targets whose deadline has passed, once a minute. A run also expires what failed runs have missed. */
export class MetricsSweeper extends Construct {
  readonly function: BackendFunction;

  constructor(scope: Construct, id: string, props: MetricsSweeperProps) {
    super(scope, id);
    const { eventLog, readModel, control, config } = props;
    this.function = new BackendFunction(this, 'Sweeper', {
      ...props,
      functionName: 'metrics-sweeper',
      description: 'Expires targets whose deadline has passed',
      userImpact: 'Targets that have passed their deadline are not recorded as expired',
      // It saves rows of a generation: a change of generations waits for the longest projector.
      timeout: Duration.seconds(projectorTimeoutSeconds),
      memorySizeMb: 512,
      environment: {
        ...eventLog.commandEnvironment(config),
        [tableVariable('metrics')]: readModel.table.tableName,
        // Holds the place where a run stopped.
        CONTROL_TABLE: control.table.tableName,
      },
    });
    const sweeper = this.function;
    eventLog.grantCommands(sweeper.lambda, ['metrics']);
    sweeper.alarmWhenLogChanged();
    for (const list of ['due', 'byName'] as const) readModel.grantList(sweeper.lambda, listIndex(list).name);
    readModel.grantSaveRows(sweeper.lambda);
    control.grantFacts(sweeper.lambda);
    const rule = new Rule(this, 'EveryMinute', {
      description: 'Expires targets whose deadline has passed',
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new LambdaFunction(sweeper.lambda, { retryAttempts: 0 })],
    });
    const reason = 'A run that fails loses no work: the next run, a minute later, expires the same targets.';
    acknowledge(rule, 'Serverless-EventBusDLQ', reason);
    acknowledge(sweeper.lambda, 'Serverless-LambdaDLQ', reason);
    // Only this alarm shows that the rule is disabled, or is not allowed to invoke its target.
    addSilenceAlarm(this, 'Stopped', {
      description: `${sweeper.userImpact}: the schedule has not run it for fifteen minutes.`,
      runbook: 'sweeper-stopped',
      metric: sweeper.lambda.metricInvocations({ period: Duration.minutes(5) }),
      periods: 3,
    });
  }
}
