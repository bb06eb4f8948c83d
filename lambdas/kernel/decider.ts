/** What an event is to the domain: a name in the past tense and its data. The kernel adds identity, version and context. */
export interface DomainEvent {
  readonly type: string;
  readonly data: object;
}

/** Why a command was refused, in words that no transport owns; `http/` alone turns `kind` into a status code. */
export interface Rejection {
  /** Stable and machine-readable, `context/reason`: `ledger/insufficient-funds`. */
  readonly code: string;
  /** `refused`: the state forbids it. `not-found`: no such aggregate. `invalid`: the command itself cannot be carried out. */
  readonly kind: 'refused' | 'not-found' | 'invalid';
  /** A sentence for the person who sent the command: what is wrong and what would help. No personal data. */
  readonly detail: string;
}

/** What `decide` answers: the events that happen (none: nothing to do), or the reason why not. */
export type Decision<Event extends DomainEvent> = readonly Event[] | { readonly rejection: Rejection };

/** Builds the refusing {@link Decision}. */
export function reject(
  kind: Rejection['kind'],
  code: string,
  detail: string,
): { readonly rejection: Rejection } {
  return { rejection: { kind, code, detail } };
}

export function isRejected<Event extends DomainEvent>(
  decision: Decision<Event>,
): decision is { readonly rejection: Rejection } {
  return 'rejection' in decision;
}

/**
 * The business rules of one kind of aggregate, as plain functions: no clock, no randomness, no I/O.
 * Time and ids reach `decide` inside the command.
 */
export interface Decider<State, Command, Event extends DomainEvent> {
  /** First half of the stream name `category/id`. */
  readonly category: string;
  /** Raise it whenever `evolve` comes to produce another state for the same events: older snapshots are then ignored. */
  readonly stateVersion: number;
  /** The state before the first event. */
  readonly initialState: () => State;
  /** Total: every state takes every event. */
  readonly evolve: (state: State, event: Event) => State;
  readonly decide: (command: Command, state: State) => Decision<Event>;
}
