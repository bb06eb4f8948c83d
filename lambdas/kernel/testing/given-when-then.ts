import { deepStrictEqual } from 'node:assert/strict';
import { type Decider, type DomainEvent, isRejected, type Rejection } from '../decider.ts';

/** A specification of a decider: given these events, when it gets a command, then exactly this happens. */
export interface Scenario<State, Command, Event extends DomainEvent> {
  given(...events: readonly Event[]): { when(command: Command): Outcome<State, Event> };
}

/** Checks on the outcome of a command. Each throws an `AssertionError` that shows the difference. */
export interface Outcome<State, Event extends DomainEvent> {
  /** Exactly these events, in this order. Without arguments: no events. */
  thenEvents(...expected: readonly Event[]): void;
  /** Rejected with exactly this code. */
  thenRejected(code: Rejection['code']): void;
  /** The state after the given events and the events of the command. */
  thenState(expected: State): void;
}

/** Given/when/then for a decider. */
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
