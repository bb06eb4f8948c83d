import type { Hydrated } from './catch-up.ts';
import type { CommandIdentity, StoredIdentity } from './command-identity.ts';
import type { CommandKeys } from './command-keys.ts';
import type { CommandRequest, Targets } from './command-request.ts';
import type { Commit, StoredEvent, StreamName } from './commit.ts';
import type { CommitClock } from './commit-clock.ts';
import { sealed } from './commit-hash.ts';
import { type Decider, type DomainEvent, isRejected, type Rejection } from './decider.ts';
import type { Effects } from './effects.ts';
import { currentSchemaVersion, type EventDefinitions } from './event-definitions.ts';
import { sealPersonal } from './seal-personal.ts';

/** The decision for one stream. */
export interface Decided<State, Event> {
  readonly hydrated: Hydrated<State>;
  readonly events: readonly Event[];
  /** The state after the events. */
  readonly state: State;
}

/** The decisions for all targets of a command, in their order. */
export type DecidedAll<State, Event> = readonly [Decided<State, Event>, ...Decided<State, Event>[]];

/** Decides for every target, each on its own stream. The first rejection rejects the whole command. */
export function decideAll<State, Command, Event extends DomainEvent>(
  decider: Decider<State, Command, Event>,
  targets: Targets<Command, State>,
  hydrated: readonly Hydrated<State>[],
): DecidedAll<State, Event> | { readonly rejection: Rejection } {
  const states = hydrated.map(({ state }) => state);
  const decided: Decided<State, Event>[] = [];
  for (const [index, { command }] of targets.entries()) {
    const own = hydrated[index] as Hydrated<State>;
    const decision = decider.decide(isFunction(command) ? command(states) : command, own.state);
    if (isRejected(decision)) return decision;
    decided.push({ hydrated: own, events: decision, state: decision.reduce(decider.evolve, own.state) });
  }
  return decided as unknown as DecidedAll<State, Event>;
}

/** The options of a command handler that creating commits needs. */
export interface CommitSources<State, Event extends DomainEvent, Answer> {
  readonly events: EventDefinitions<Event>;
  readonly answer: (state: State, now: string) => Answer;
  readonly effects: Pick<Effects, 'newId'>;
  readonly clock: Pick<CommitClock, 'stamp'>;
}

/** How commits name and protect a command: its identity, and the data keys of its streams. */
export interface CommandMarks {
  readonly identity: Pick<CommandIdentity, 'on'>;
  readonly keys: Pick<CommandKeys, 'get'>;
}

/**
 * The commits to append, one for each stream with new events, which are valid. On a stream with a data key, personal values are in
 * their envelopes. All have one stamp: the current time, or that of the newest commit on any of the streams if that is later. So they
 * must be appended immediately. Throws `clock-off`.
 */
export function commitsOf<State, Event extends DomainEvent, Answer>(
  sources: CommitSources<State, Event, Answer>,
  decided: DecidedAll<State, Event>,
  request: CommandRequest,
  marks: CommandMarks,
): Commit[] {
  const committedAt = latest([
    sources.clock.stamp(decided[0].hydrated.stream),
    ...decided.map(({ hydrated }) => hydrated.committedAt ?? ''),
  ]);
  return withEvents(decided).map((own) => {
    const identity = marks.identity.on(own.hydrated.stream);
    return commitOf({ ...sources, ...marks }, own, request, { ...identity, committedAt });
  });
}

/** The decisions that have events. */
export function withEvents<State, Event>(decided: DecidedAll<State, Event>): Decided<State, Event>[] {
  return decided.filter(({ events }) => events.length > 0);
}

function commitOf<State, Event extends DomainEvent, Answer>(
  sources: CommitSources<State, Event, Answer> & CommandMarks,
  { hydrated, events, state }: Decided<State, Event>,
  request: CommandRequest,
  stamped: StoredIdentity & Pick<Commit, 'committedAt'>,
): Commit {
  const { correlationId, causationId, actor, traceparent, now } = request;
  const { stream } = hydrated;
  const commit = {
    stream,
    version: hydrated.version + 1,
    events: storedEvents(sources, stream, events),
    ...stamped,
    answer: JSON.stringify(sources.answer(state, now)),
    correlationId,
    causationId,
    actor,
    traceparent,
  };
  return sealed(commit, hydrated.hash);
}

/** New events as the log stores them. Each attempt has new ids, and so new ciphertexts. */
function storedEvents<State, Event extends DomainEvent, Answer>(
  { events: definitions, effects, keys }: CommitSources<State, Event, Answer> & CommandMarks,
  stream: StreamName,
  events: readonly Event[],
): readonly StoredEvent[] {
  const plain = events.map(({ type, data }) => ({
    id: effects.newId(),
    type,
    schemaVersion: currentSchemaVersion(definitions, type),
    data,
  }));
  return sealPersonal(definitions, plain, stream, keys.get(stream) ?? noKey);
}

/** A handler without keys, as that of the eraser, can commit events without personal values. */
const noKey = {
  encrypt: (): never => {
    throw new TypeError('This command handler has no data keys, so it cannot commit personal values.');
  },
};

/** The latest of these instants. They are ISO 8601, UTC, ms, so they compare as text. */
function latest(instants: readonly string[]): string {
  return [...instants].sort().at(-1) ?? '';
}

function isFunction<Command, State>(
  command: Command | ((states: readonly State[]) => Command),
): command is (states: readonly State[]) => Command {
  return typeof command === 'function';
}
