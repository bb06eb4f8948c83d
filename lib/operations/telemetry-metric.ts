import type { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import {
  type TelemetryName,
  type telemetryDimensions,
  telemetryNamespace,
  telemetryUnits,
} from '../../schema/telemetry.ts';

export interface TelemetryMetricProps {
  readonly stage: string;
  /** The function that sends it, by its name without the stage. */
  readonly service: string;
  readonly period: Duration;
}

/** The CloudWatch metric of what a function counts itself: the sum of counts, the maximum of lags. */
export function telemetryMetric(
  name: TelemetryName,
  { stage, service, period }: TelemetryMetricProps,
): Metric {
  const dimensionsMap: Record<(typeof telemetryDimensions)[number], string> = { stage, service };
  return new Metric({
    namespace: telemetryNamespace,
    metricName: name,
    dimensionsMap,
    statistic: telemetryUnits[name] === 'Count' ? 'Sum' : 'Maximum',
    period,
  });
}
