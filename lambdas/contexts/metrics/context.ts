import type { ContextDefinition } from '../../kernel/context-definition.ts';
import { type MetricAnswer, metricAnswer } from './api/answers.ts';
import { type MetricEvent, metricSchemas } from './domain/events.ts';
import { type Measurement, type Metric, type MetricCommand, metrics } from './domain/metric.ts';
import { type MetricRow, metricsProjection } from './read-model/projection.ts';

/** Metrics, as the kernel runs them. */
export const metricsContext: ContextDefinition<
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
