import type { BoundedContext } from '../eventsourcing/bounded-context.ts';
import { type Dispense, type DispenseCommand, dispense } from './dispense.ts';
import { type DispenseEvent, dispenseSchemas } from './events.ts';
import { type DispenseRow, dispenseProjection } from './projection.ts';
import { type DispenseAnswer, dispenseAnswer } from './views.ts';

/** Dispenses, as the kernel runs them. */
export const dispenseContext: BoundedContext<
  Dispense,
  DispenseCommand,
  DispenseEvent,
  DispenseAnswer,
  DispenseRow,
  never
> = {
  decider: dispense,
  schemas: dispenseSchemas,
  answer: dispenseAnswer,
  projection: dispenseProjection,
};
