import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { tableVariable } from '../../schema/names.ts';
import { listIndex } from '../../schema/tables.ts';
import type { EventLog } from '../command-side/event-log.ts';
import { addSilenceAlarm } from '../operations/alarm.ts';
import { acknowledge } from '../platform/acknowledge.ts';
import { BackendFunction } from '../platform/function.ts';
import type { StageProps } from '../platform/stages.ts';
import type { ReadModel } from '../read-side/read-model.ts';

export interface MetricsSweeperProps extends StageProps {
  readonly eventLog: EventLog;
  readonly readModel: ReadModel;
}

/** Once a minute, expires the targets whose deadline has passed. What a failed run missed, the next run does. */
export class MetricsSweeper extends Construct {
  readonly function: BackendFunction;

  constructor(scope: Construct, id: string, props: MetricsSweeperProps) {
    super(scope, id);
    const { eventLog, readModel, config } = props;
    this.function = new BackendFunction(this, 'Sweeper', {
      ...props,
      functionName: 'metrics-sweeper',
      description: 'Expires targets whose deadline has passed',
      userImpact: 'Targets that have passed their deadline are not recorded as expired',
      timeout: Duration.minutes(1),
      memorySizeMb: 512,
      environment: {
        ...eventLog.commandEnvironment(config),
        [tableVariable('metrics')]: readModel.table.tableName,
      },
    });
    const sweeper = this.function;
    eventLog.grantCommands(sweeper.lambda);
    readModel.grantList(sweeper.lambda, listIndex('due').name);
    const rule = new Rule(this, 'EveryMinute', {
      description: 'Expires targets whose deadline has passed',
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new LambdaFunction(sweeper.lambda, { retryAttempts: 0 })],
    });
    const reason =
      'The next run, a minute later, does what a failed or missing run did not: there is nothing to store.';
    acknowledge(rule, 'Serverless-EventBusDLQ', reason);
    acknowledge(sweeper.lambda, 'Serverless-LambdaDLQ', reason);
    // Nothing else shows that the rule is disabled, or may not invoke its target.
    addSilenceAlarm(this, 'Stopped', {
      description: `${sweeper.userImpact}: the schedule has not run it for fifteen minutes.`,
      runbook: 'sweeper-stopped',
      metric: sweeper.lambda.metricInvocations({ period: Duration.minutes(5) }),
      periods: 3,
    });
  }
}
