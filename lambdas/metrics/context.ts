import type { BoundedContext } from '../eventsourcing/bounded-context.ts';
import { type MetricEvent, metricSchemas } from './events.ts';
import { type Measurement, type Metric, type MetricCommand, metrics } from './metric.ts';
import { type MetricRow, metricsProjection } from './projection.ts';
import { type MetricAnswer, metricAnswer } from './views.ts';

/** Metrics, as the kernel runs them. */
export const metricsContext: BoundedContext<
  Metric,
  MetricCommand,
  MetricEvent,
  MetricAnswer,
  MetricRow,
  Measurement
> = {
  decider: metrics,
  schemas: metricSchemas,
  answer: metricAnswer,
  projection: metricsProjection,
};
