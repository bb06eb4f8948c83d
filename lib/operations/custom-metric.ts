import type { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import {
  type Metric as MetricName,
  type telemetryDimensions,
  telemetryNamespace,
  telemetryUnits,
} from '../../schema/telemetry.ts';

export interface CustomMetricProps {
  readonly stage: string;
  /** The function that sends it, by its name without the stage. */
  readonly service: string;
  readonly period: Duration;
}

/** A metric that a function sends itself: the sum of what is counted, the longest of what takes time. */
export function customMetric(name: MetricName, { stage, service, period }: CustomMetricProps): Metric {
  const dimensionsMap: Record<(typeof telemetryDimensions)[number], string> = { stage, service };
  return new Metric({
    namespace: telemetryNamespace,
    metricName: name,
    dimensionsMap,
    statistic: telemetryUnits[name] === 'Count' ? 'Sum' : 'Maximum',
    period,
  });
}
