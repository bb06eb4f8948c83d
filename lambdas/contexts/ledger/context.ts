import type { ContextDefinition } from '../../kernel/context-definition.ts';
import { type BalanceAnswer, balanceAnswer } from './api/answers.ts';
import { type Account, type LedgerCommand, ledger } from './domain/account.ts';
import { type LedgerEvent, ledgerSchemas } from './domain/events.ts';
import { type AccountRow, type Entry, ledgerProjection } from './read-model/projection.ts';

/** The ledger, as the kernel runs it. */
export const ledgerContext: ContextDefinition<
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
