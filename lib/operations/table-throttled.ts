import { Duration } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { addAlarm } from './alarm.ts';

/** The period of a table's metrics in alarms. */
export const tablePeriod = Duration.minutes(5);

/**
 * An alarm on calls that a table refused as too many. `userImpact`: what users notice meanwhile. The SDK tries again, so that only
 * ten minutes of it are a person's business.
 */
export function addThrottledAlarm(scope: Construct, id: string, userImpact: string, metric: Metric): void {
  addAlarm(scope, id, {
    description: `${userImpact}: DynamoDB refuses calls as too many, ten minutes long.`,
    runbook: 'table-throttled',
    metric,
    above: 0,
    periods: 2,
  });
}
