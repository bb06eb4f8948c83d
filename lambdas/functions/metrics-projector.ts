import { metricsProjection } from '../contexts/metrics/read-model/projection.ts';
import { projectorHandler } from '../runtime/projector-handler.ts';

/** Folds metric events into the metrics' read model. */
export const handler = projectorHandler({
  projection: metricsProjection,
  env: process.env,
  tableVariable: 'METRICS_TABLE',
});
