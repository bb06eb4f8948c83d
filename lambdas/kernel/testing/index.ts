export { commitAt } from './commits.fixture.ts';
export { scenariosOf } from './given-when-then.ts';
export { recordedEventsContract } from './recorded-events.contract.ts';
