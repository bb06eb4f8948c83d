import { defineContext } from '../../kernel/index.ts';
import { contextModule } from '../context-module.ts';
import { balanceAnswer } from './api/answers.ts';
import { ledgerRoutes } from './api/routes.ts';
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

/** The context with its routes, as the API loads it. Marked pure, so that automations bundle no routes. */
export default /* @__PURE__ */ contextModule(ledgerContext, ledgerRoutes);
