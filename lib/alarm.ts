import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';

export interface AlarmProps {
  /** What is wrong, for the person whom it wakes; the construct's path goes before it. */
  readonly description: string;
  readonly metric: IMetric;
  /** The alarm goes off above this, in the metric's unit. */
  readonly above: number;
  /** Periods of the metric that have to be above in a row. Default: 1. */
  readonly periods?: number;
}

/** An alarm on a metric that is quiet, or not there at all, while all is well. */
export function addAlarm(scope: Construct, id: string, props: AlarmProps): Alarm {
  return new Alarm(scope, id, {
    alarmDescription: `${scope.node.path}: ${props.description}`,
    metric: props.metric,
    threshold: props.above,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: props.periods ?? 1,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
}
