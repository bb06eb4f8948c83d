import { Duration } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { addAlarm } from './alarm.ts';

/** The period of the metrics of tables that alarms watch. */
export const tablePeriod = Duration.minutes(5);

/**
 * Adds an alarm on calls that DynamoDB throttled. The SDK retries them, so the alarm needs ten minutes of throttling.
 * @param userImpact what users notice; the description of the alarm begins with it
 */
export function addThrottledAlarm(scope: Construct, id: string, userImpact: string, metric: Metric): void {
  addAlarm(scope, id, {
    description: `${userImpact}: for ten minutes, DynamoDB has throttled calls.`,
    runbook: 'table-throttled',
    metric,
    above: 0,
    periods: 2,
  });
}
