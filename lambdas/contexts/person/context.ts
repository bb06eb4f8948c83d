import { defineContext } from '../../kernel/index.ts';
import { contextModule } from '../context-module.ts';
import { personAnswer } from './api/answers.ts';
import { personCommands } from './api/commands.ts';
import { exportRoute } from './api/export.ts';
import { personQueries } from './api/queries.ts';
import { personEvents } from './domain/events.ts';
import { person } from './domain/person.ts';
import { personProjection } from './read-model/projection.ts';

/** The definition of persons, for the kernel. */
export const personContext = defineContext({
  decider: person,
  events: personEvents,
  answer: personAnswer,
  projection: personProjection,
});

/** The definition with its routes, for the API. It is marked as pure, so the bundles of automations omit the routes. */
export default /* @__PURE__ */ contextModule(personContext, (side) => [
  ...personCommands(side),
  ...personQueries(side),
  exportRoute(side),
]);
