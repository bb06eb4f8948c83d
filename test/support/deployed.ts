import { aggregateNames, contextNames, projectedFrom, queueNames } from '../../schema/contexts.ts';
import { projectorName } from '../../schema/names.ts';
import { functionNames } from '../../tools/bundle/bundle.ts';

/** What the catalogue says the stack has. Functions by their names without the stage. */

/** All functions. */
export const functions: readonly string[] = functionNames();

export const streamProjectors: readonly string[] = aggregateNames.map(projectorName);

export const queueProjectors: readonly string[] = queueNames
  .map(projectedFrom)
  .filter((context) => context !== undefined)
  .map(projectorName);

/** The functions whose source is the log's stream or the event stream. */
export const streamConsumers: readonly string[] = ['publisher', ...streamProjectors];

/** The functions that park what they cannot process. */
export const parkingFunctions: readonly string[] = [...streamConsumers, ...queueProjectors, 'rebuilder'];

/** The functions that carry out commands, in the dashboard's order. */
export const deciders: readonly string[] = [
  'api',
  'prescription-recorder',
  'metrics-sweeper',
  'person-eraser',
];

/** The tables by their labels on the dashboard. */
export const tables: readonly string[] = [
  'event log',
  'snapshots',
  'segments',
  ...contextNames,
  'control',
  'parked',
  'waiting',
  'subject keys',
  'person index',
];
