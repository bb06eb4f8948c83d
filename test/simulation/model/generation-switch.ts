import { join } from 'node:path';
import type { Check } from './tlc.ts';

/** The module, with the constants of the design and two versions of the stream. */
export const design: Check = {
  module: join(import.meta.dirname, 'GenerationSwitch.tla'),
  constants: {
    Functions: '{f1, f2}',
    Last: '2',
    CacheAge: '1',
    Limit: '1',
    Change: '1',
    // The formula of the rebuild: each of the three terms is needed.
    Settle: '3',
    Conditional: '{"projector", "builder", "comparer"}',
    CatchesUp: 'TRUE',
    LeadsOthers: 'TRUE',
    ReadsToEnd: 'TRUE',
  },
  invariants: ['NothingLost', 'NotBackAtSwitch'],
  properties: ['RowsGrow'],
};

/** The design with these constants instead, and only these invariants. */
export function changed(
  constants: Check['constants'],
  invariants: readonly string[] = design.invariants,
): Check {
  return { ...design, constants: { ...design.constants, ...constants }, invariants };
}
