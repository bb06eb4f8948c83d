export { commitAt } from './commits.fixture.ts';
export { scenariosOf } from './given-when-then.ts';
export { type MemoryContextOptions, memoryContext } from './memory-context.ts';
export { memoryKeys } from './memory-keys.ts';
export { recordedEventsContract } from './recorded-events.contract.ts';
export { recordedRowsContract } from './recorded-rows.contract.ts';
export { type SimulatedEffects, seededRandom, simulatedEffects } from './simulated-effects.ts';
export { SimulatedTime } from './simulated-time.ts';
export { SlowLog } from './slow-log.fixture.ts';
