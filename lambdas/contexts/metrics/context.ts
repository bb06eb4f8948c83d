import { defineContext } from '../../kernel/context-definition.ts';
import { metricAnswer } from './api/answers.ts';
import { metricEvents } from './domain/events.ts';
import { metrics } from './domain/metric.ts';
import { metricsProjection } from './read-model/projection.ts';

/** Metrics, as the kernel runs them. */
export const metricsContext = defineContext({
  decider: metrics,
  events: metricEvents,
  answer: metricAnswer,
  projection: metricsProjection,
});
