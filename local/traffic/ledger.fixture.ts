import { ledgerContext } from '../../lambdas/ledger/context.ts';
import { ledgerRoutes } from '../../lambdas/ledger/routes.ts';
import { memoryContext, type Send } from './memory.fixture.ts';

/** The real ledger in memory. */
export function memoryLedger(): Send {
  return memoryContext(ledgerContext, ledgerRoutes, () => new Date().toISOString()).send;
}
