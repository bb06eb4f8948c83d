import { deepStrictEqual } from 'node:assert/strict';
import { type Decider, type DomainEvent, isRejected, type Rejection } from '../decider.ts';

/** A decider's specification: given these events, when this command comes, then exactly that happens. */
export interface Scenario<State, Command, Event extends DomainEvent> {
  given(...events: readonly Event[]): { when(command: Command): Outcome<State, Event> };
}

export interface Outcome<State, Event extends DomainEvent> {
  /** Exactly these events, in this order; none means that nothing happens. */
  thenEvents(...expected: readonly Event[]): void;
  /** Refused with exactly this code. */
  thenRejected(code: Rejection['code']): void;
  /** The state that the past and the command's events lead to. */
  thenState(expected: State): void;
}

/** Given/when/then for a decider. Every check throws an `AssertionError` that shows the difference. */
export function scenariosOf<State, Command, Event extends DomainEvent>(
  decider: Decider<State, Command, Event>,
): Scenario<State, Command, Event> {
  return {
    given: (...past) => ({
      when: (command) => {
        const before = past.reduce(decider.evolve, decider.initialState());
        const decision = decider.decide(command, before);
        return {
          thenEvents: (...expected) => deepStrictEqual(decision, expected),
          thenRejected: (code) => {
            deepStrictEqual(isRejected(decision) ? decision.rejection.code : decision, code);
          },
          thenState: (expected) => {
            deepStrictEqual(
              isRejected(decision) ? decision : decision.reduce(decider.evolve, before),
              expected,
            );
          },
        };
      },
    }),
  };
}
