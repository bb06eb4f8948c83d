import type { ListOf } from '../../../../schema/contexts.ts';
import { queryRoutes } from '../../../http/query-routes.ts';
import type { ReadSide } from '../../../http/resource.ts';
import type { Route } from '../../../http/route.ts';
import type { AccountRow, StatementLine } from '../read-model/projection.ts';
import { accounts, entrySchema, entryView } from './answers.ts';

/** What the queries of the ledger need. */
export type LedgerReadSide = ReadSide<AccountRow, StatementLine, ListOf<'ledger'>>;

/** The routes that read accounts and their entries. */
export function ledgerQueries(side: LedgerReadSide): Route[] {
  const { one, page, lines } = queryRoutes(accounts, side);
  return [
    one({ operationId: 'getAccount', summary: 'An account, now or in the past', past: true }),
    lines('entries', {
      operationId: 'listEntries',
      summary: 'The statement of an account, newest first',
      order: 'descending',
      schema: entrySchema,
      view: entryView,
    }),
    page({ operationId: 'listAccounts', summary: 'All accounts, oldest first', list: 'byOpening' }),
  ];
}
