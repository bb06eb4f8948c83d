import type { BoundedContext } from '../eventsourcing/bounded-context.ts';
import { type Account, type LedgerCommand, ledger } from './account.ts';
import { type LedgerEvent, ledgerSchemas } from './events.ts';
import { type AccountRow, type Entry, ledgerProjection } from './projection.ts';
import { type BalanceAnswer, balanceAnswer } from './views.ts';

/** The ledger, as the kernel runs it. */
export const ledgerContext: BoundedContext<
  Account,
  LedgerCommand,
  LedgerEvent,
  BalanceAnswer,
  AccountRow,
  Entry
> = {
  decider: ledger,
  schemas: ledgerSchemas,
  answer: balanceAnswer,
  projection: ledgerProjection,
};
