import type { ContextDefinition } from '../../kernel/context-definition.ts';
import { type DispenseAnswer, dispenseAnswer } from './api/answers.ts';
import { type Dispense, type DispenseCommand, dispense } from './domain/dispense.ts';
import { type DispenseEvent, dispenseSchemas } from './domain/events.ts';
import { type DispenseRow, dispenseProjection } from './read-model/projection.ts';

/** Dispenses, as the kernel runs them. */
export const dispenseContext: ContextDefinition<
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
