import { defineContext } from '../../kernel/index.ts';
import { contextModule } from '../context-module.ts';
import { balanceAnswer } from './api/answers.ts';
import { accountVisibility } from './api/owners.ts';
import { ledgerRoutes } from './api/routes.ts';
import { ledger } from './domain/account.ts';
import { ledgerEvents } from './domain/events.ts';
import { ledgerProjection } from './read-model/projection.ts';

/** The definition of the ledger, for the kernel. */
export const ledgerContext = defineContext({
  decider: ledger,
  events: ledgerEvents,
  answer: balanceAnswer,
  projection: ledgerProjection,
});

/** The definition with its routes, for the API. It is marked as pure, so the bundles of automations omit the routes. */
export default /* @__PURE__ */ contextModule(ledgerContext, ledgerRoutes, {
  visibility: accountVisibility,
});
