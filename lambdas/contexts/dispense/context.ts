import { defineContext } from '../../kernel/context-definition.ts';
import { dispenseAnswer } from './api/answers.ts';
import { dispense } from './domain/dispense.ts';
import { dispenseEvents } from './domain/events.ts';
import { dispenseProjection } from './read-model/projection.ts';

/** Dispenses, as the kernel runs them. */
export const dispenseContext = defineContext({
  decider: dispense,
  events: dispenseEvents,
  answer: dispenseAnswer,
  projection: dispenseProjection,
});
