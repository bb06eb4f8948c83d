import type { Route } from '../../../http/route.ts';
import { type LedgerCommandSide, ledgerCommands } from './commands.ts';
import { ownedRoutes } from './owners.ts';
import { type LedgerReadSide, ledgerQueries } from './queries.ts';
import { transferRoute } from './transfer.ts';

/** The routes of the ledger. */
export function ledgerRoutes(side: LedgerCommandSide & LedgerReadSide): Route[] {
  return ownedRoutes(side.log, [...ledgerCommands(side), transferRoute(side), ...ledgerQueries(side)]);
}
