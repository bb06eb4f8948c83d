import { ledgerProjection } from '../contexts/ledger/read-model/projection.ts';
import { projectorHandler } from '../runtime/projector-handler.ts';

/** Folds ledger events into the ledger's read model. */
export const handler = projectorHandler({
  projection: ledgerProjection,
  env: process.env,
  tableVariable: 'LEDGER_TABLE',
});
