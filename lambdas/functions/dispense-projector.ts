import { dispenseProjection } from '../contexts/dispense/read-model/projection.ts';
import { projectorHandler } from '../runtime/projector-handler.ts';

/** Folds dispense events into the dispenses' read model. */
export const handler = projectorHandler({
  projection: dispenseProjection,
  env: process.env,
  tableVariable: 'DISPENSE_TABLE',
});
