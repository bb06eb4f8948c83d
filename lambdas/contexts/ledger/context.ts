import { defineContext } from '../../kernel/context-definition.ts';
import { balanceAnswer } from './api/answers.ts';
import { ledger } from './domain/account.ts';
import { ledgerEvents } from './domain/events.ts';
import { ledgerProjection } from './read-model/projection.ts';

/** The ledger, as the kernel runs it. */
export const ledgerContext = defineContext({
  decider: ledger,
  events: ledgerEvents,
  answer: balanceAnswer,
  projection: ledgerProjection,
});
