/** An event as the domain sees it: a type in the past tense, and data. The kernel adds id, version and context. */
export interface DomainEvent {
  readonly type: string;
  readonly data: object;
}

/** Why a command was rejected, independent of any transport. */
export interface Rejection {
  /** Stable and for machines, `context/reason`: `ledger/insufficient-funds`. */
  readonly code: string;
  /** `refused`: the state does not allow it. `not-found`: no such aggregate. `invalid`: the command itself is wrong. */
  readonly kind: 'refused' | 'not-found' | 'invalid';
  /** For the person who sent the command: what is wrong and what would help. No personal data. */
  readonly detail: string;
}

/** The result of `decide`: the events that happen (none if there is nothing to do), or a rejection. */
export type Decision<Event extends DomainEvent> = readonly Event[] | { readonly rejection: Rejection };

/** The {@link Decision} that rejects a command. */
export function reject(
  kind: Rejection['kind'],
  code: string,
  detail: string,
): { readonly rejection: Rejection } {
  return { rejection: { kind, code, detail } };
}

/** True for a decision that rejects the command. */
export function isRejected<Event extends DomainEvent>(
  decision: Decision<Event>,
): decision is { readonly rejection: Rejection } {
  return 'rejection' in decision;
}

/**
 * The business rules of one kind of aggregate as pure functions: no clock, no randomness, no I/O. Commands contain the
 * time and the ids.
 */
export interface Decider<State, Command, Event extends DomainEvent> {
  /** The first part of the stream names, `category/id`. */
  readonly category: string;
  /** Increase it when `evolve` changes the state that it produces for the same events. Older snapshots are then ignored. */
  readonly stateVersion: number;
  /**
   * False for a value that `evolve` cannot have produced from at least one event. A snapshot with such a state is damaged, and
   * the log is read instead. Default: only the parts that `initialState` has are checked, by their types.
   */
  readonly isState?: (value: unknown) => boolean;
  /** The state before the first event. */
  readonly initialState: () => State;
  /** The state after an event. It accepts every event in every state and never throws. */
  readonly evolve: (state: State, event: Event) => State;
  /** Decides on a command. It never throws for a business reason. */
  readonly decide: (command: Command, state: State) => Decision<Event>;
}
