import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { emulatorAccount } from '../platform/settings.ts';
import type { StageConfig } from '../platform/stages.ts';
import { addAlarm } from './alarm.ts';

const period = Duration.minutes(1);

/**
 * The calls of KMS. All keys and services of an account share a quota for them in a region; above it, KMS throttles. An alarm goes
 * off before that. Emulators have no quotas: their stage has no such alarm.
 * https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html
 */
export class KeyCalls extends Construct {
  constructor(scope: Construct, id: string, { environment }: Pick<StageConfig, 'environment'>) {
    super(scope, id);
    if (environment?.account === emulatorAccount) return;
    addAlarm(this, 'NearQuota', {
      description:
        'Commands and queries are about to fail: for five minutes, the account has made more than 80 % of the calls of KMS that its quota allows.',
      runbook: 'key-calls',
      metric: new MathExpression({
        expression: 'calls / SERVICE_QUOTA(calls) * 100',
        usingMetrics: { calls: this.#calls() },
        label: 'percent of the quota',
        period,
      }),
      above: 80,
      periods: 5,
    });
  }

  /** Those of all keys in the region, also of other stacks. */
  #calls(): Metric {
    return new Metric({
      namespace: 'AWS/Usage',
      metricName: 'CallCount',
      dimensionsMap: {
        Class: 'None',
        Resource: 'CryptographicOperationsSymmetric',
        Service: 'KMS',
        Type: 'API',
      },
      statistic: 'Sum',
      period,
    });
  }
}
