import type { Route } from '../../../http/route.ts';
import { type LedgerCommandSide, ledgerCommands } from './commands.ts';
import { type LedgerReadSide, ledgerQueries } from './queries.ts';
import { transferRoute } from './transfer.ts';

/** The routes of the ledger. */
export function ledgerRoutes(side: LedgerCommandSide & LedgerReadSide): Route[] {
  return [...ledgerCommands(side), transferRoute(side), ...ledgerQueries(side)];
}
