import type { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import {
  type Metric as MetricName,
  type metricDimensions,
  metricNamespace,
  metricUnits,
} from '../schema/metrics.ts';

export interface CustomMetricProps {
  readonly stage: string;
  /** The function that sends it, by its name without the stage. */
  readonly service: string;
  readonly period: Duration;
}

/** A metric that a function sends itself: the sum of what is counted, the longest of what takes time. */
export function customMetric(name: MetricName, { stage, service, period }: CustomMetricProps): Metric {
  const dimensionsMap: Record<(typeof metricDimensions)[number], string> = { stage, service };
  return new Metric({
    namespace: metricNamespace,
    metricName: name,
    dimensionsMap,
    statistic: metricUnits[name] === 'Count' ? 'Sum' : 'Maximum',
    period,
  });
}
