import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';

/** A section of `docs/runbook.md`, by the anchor of its heading: what the alarm means, what to do, and when it is over. */
export type RunbookSection =
  | 'function-errors'
  | 'function-throttled'
  | 'api-errors'
  | 'records-given-up'
  | 'batches-not-kept'
  | 'commits-waiting'
  | 'consumer-behind'
  | 'consumer-not-invoked'
  | 'messages-given-up'
  | 'queue-behind'
  | 'parked'
  | 'sweeper-stopped'
  | 'retention-stopped'
  | 'row-differs'
  | 'verifier-stopped'
  | 'rebuild-failed'
  | 'table-throttled'
  | 'log-failing'
  | 'log-changed'
  | 'event-stream-throttled'
  | 'key-calls';

export interface AlarmProps {
  /** One sentence: what users notice, and the cause. */
  readonly description: string;
  readonly runbook: RunbookSection;
  readonly metric: IMetric;
  /** The alarm goes off above this value, in the metric's unit. */
  readonly above: number;
  /** Periods of the metric that have to be above the value. Default: 1. */
  readonly periods?: number;
  /** The last periods in which they have to be. The alarm stays on for as long after them. Default: `periods`, so in a row. */
  readonly within?: number;
}

/** An alarm on a metric that is zero, or has no data, in normal operation. */
export function addAlarm(scope: Construct, id: string, props: AlarmProps): Alarm {
  const { metric, above: threshold, periods = 1, within = periods } = props;
  return new Alarm(scope, id, {
    alarmDescription: describe(scope, props),
    metric,
    threshold,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: within,
    datapointsToAlarm: periods,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
}

/** An alarm on a metric that is never zero in normal operation. It goes off after `periods` periods of zero or no data. */
export function addSilenceAlarm(
  scope: Construct,
  id: string,
  props: Omit<AlarmProps, 'above' | 'within' | 'periods'> & { readonly periods: number },
): Alarm {
  return new Alarm(scope, id, {
    alarmDescription: describe(scope, props),
    metric: props.metric,
    threshold: 1,
    comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
    evaluationPeriods: props.periods,
    treatMissingData: TreatMissingData.BREACHING,
  });
}

function describe(
  scope: Construct,
  { description, runbook }: Pick<AlarmProps, 'description' | 'runbook'>,
): string {
  return `${description} (${scope.node.path}) What to do: docs/runbook.md#${runbook}`;
}
