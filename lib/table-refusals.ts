import { Duration } from 'aws-cdk-lib';
import type { IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { Operation, Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { addAlarm } from './alarm.ts';
import { sumOf } from './custom-metric.ts';

const period = Duration.minutes(5);

/** Calls of these operations that the table refused because they were too many, an index of it being too slow included. */
export function throttledCalls(table: Table, operations: readonly Operation[]): MathExpression {
  return sumOf(perOperation(table, 'ThrottledRequests', operations), 'throttled', period);
}

/** Calls of these operations that DynamoDB failed by itself. */
export function failedCalls(table: Table, operations: readonly Operation[]): MathExpression {
  return sumOf(perOperation(table, 'SystemErrors', operations), 'failed', period);
}

/** `lacking`: what users lack while calls are throttled. The SDK tries again, so that just ten minutes of it call for a person. */
export function addThrottledAlarm(scope: Construct, lacking: string, throttled: MathExpression): void {
  addAlarm(scope, 'Throttled', {
    description: `${lacking}: DynamoDB refuses calls as too many, ten minutes long.`,
    runbook: 'table-throttled',
    metric: throttled,
    above: 0,
    periods: 2,
  });
}

/** By names such as `getItemOfEventLog`. */
function perOperation(
  table: Table,
  metric: string,
  operations: readonly Operation[],
): Readonly<Record<string, IMetric>> {
  const owner = table.node.scope?.node.id;
  return Object.fromEntries(
    operations.map((operation) => [
      `${operation.charAt(0).toLowerCase()}${operation.slice(1)}Of${owner}`,
      table.metric(metric, {
        dimensionsMap: { TableName: table.tableName, Operation: operation },
        statistic: 'Sum',
        period,
        label: operation,
      }),
    ]),
  );
}
