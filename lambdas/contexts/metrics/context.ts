import { defineContext } from '../../kernel/index.ts';
import { contextModule } from '../context-module.ts';
import { metricAnswer } from './api/answers.ts';
import { metricRoutes } from './api/routes.ts';
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

/** The context with its routes, as the API loads it. Marked pure, so that automations bundle no routes. */
export default /* @__PURE__ */ contextModule(metricsContext, metricRoutes);
