import type { PersonCommand } from '../../history.ts';

/** An event of the log, with its place. */
export interface PlacedEvent {
  readonly stream: string;
  readonly version: number;
  readonly id: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly committedAt: string;
}

/** An event that the rules expect. `data`: the fields that follow from the command; others may be there. */
export interface ExpectedEvent {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** Judges the fields that have several forms. They are not in `data`. */
  readonly fits?: (data: Readonly<Record<string, unknown>>) => boolean;
}

/** What the rules say about a command: a code, or the events on each of its streams. */
export type Decided =
  | { readonly refused: string }
  | { readonly events: readonly (readonly ExpectedEvent[])[] };

/** When something happened, by a clock: between these instants, in ms since 1970. */
export interface TimeWindow {
  readonly earliestMs: number;
  readonly latestMs: number;
}

/** By field: the values that an answer or a row may have. A field has several if clocks or forms give freedom. */
export type Permitted = Readonly<Record<string, readonly unknown[]>>;

/** A line of a row, and its key. */
export interface ExpectedLine {
  readonly key: string;
  readonly line: Readonly<Record<string, unknown>>;
}

/**
 * The rules of a context, written independently of the code under test. `evolve` accepts whatever is in the log, so that the checks
 * say what is wrong, and do not fail themselves.
 */
export interface Rules<State> {
  /** Of a stream that does not exist. */
  readonly initial: State;
  evolve(state: State, event: PlacedEvent): State;
  /** `states`: of the command's streams, in their order. `now`: the time of the command, ISO 8601. */
  decide(states: readonly State[], command: PersonCommand, now: string): Decided;
  /** The body of the answer to a command that left this state. */
  answer(state: State, now: TimeWindow): Permitted;
  /** The row of the state: as it is stored, or as the API shows it within the window. */
  row(state: State, row: Readonly<Record<string, unknown>>, now: TimeWindow): Permitted;
  /** The line of an event. `state`: after it. */
  line(state: State, event: PlacedEvent): ExpectedLine | undefined;
  /** Why an automation may not have caused these events on a stream in this state. Undefined: it may. */
  reactionProblem(state: State, events: readonly PlacedEvent[]): string | undefined;
}

/** The streams of a command; its answer is about the first. */
export function streamsOf(command: PersonCommand): readonly [string, ...string[]] {
  const first = `${command.context}/${command.id}`;
  return command.do === 'transfer' ? [first, `ledger/${command.to}`] : [first];
}

/** A version as a key that sorts as text. */
export function paddedVersion(version: number): string {
  return String(version).padStart(16, '0');
}

export const ok = (...events: readonly (readonly ExpectedEvent[])[]): Decided => ({ events });
export const refused = (code: string): Decided => ({ refused: code });
