import { ledgerRoutes } from '../../lambdas/contexts/ledger/api/routes.ts';
import { ledgerContext } from '../../lambdas/contexts/ledger/context.ts';
import { memoryContext, type Send } from './memory.fixture.ts';

/** The real ledger in memory. */
export function memoryLedger(): Send {
  return memoryContext(ledgerContext, ledgerRoutes, () => new Date().toISOString()).send;
}
