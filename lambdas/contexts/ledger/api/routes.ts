import type { Route } from '../../../http/route.ts';
import { type CommandDependencies, ledgerCommandRoutes } from './commands.ts';
import { ledgerQueryRoutes, type QueryDependencies } from './queries.ts';

/** The routes of the ledger. */
export function ledgerRoutes(dependencies: CommandDependencies & QueryDependencies): Route[] {
  return [...ledgerCommandRoutes(dependencies), ...ledgerQueryRoutes(dependencies)];
}
