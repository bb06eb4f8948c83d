import { defineContext } from '../../kernel/index.ts';
import { contextModule } from '../context-module.ts';
import { metricAnswer } from './api/answers.ts';
import { metricRoutes } from './api/routes.ts';
import { metricEvents } from './domain/events.ts';
import { metrics } from './domain/metric.ts';
import { metricsProjection } from './read-model/projection.ts';

/** The definition of metrics, for the kernel. */
export const metricsContext = defineContext({
  decider: metrics,
  events: metricEvents,
  answer: metricAnswer,
  projection: metricsProjection,
});

/** The definition with its routes, for the API. It is marked as pure, so the bundles of automations omit the routes. */
export default /* @__PURE__ */ contextModule(metricsContext, metricRoutes);
