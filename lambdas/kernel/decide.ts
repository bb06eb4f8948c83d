import type { Hydrated } from './catch-up.ts';
import { commandIdOn } from './command-id.ts';
import type { CommandRequest, Targets } from './command-request.ts';
import type { Commit } from './commit.ts';
import type { CommitClock } from './commit-clock.ts';
import { sealed } from './commit-hash.ts';
import { type Decider, type DomainEvent, isRejected, type Rejection } from './decider.ts';
import type { Effects } from './effects.ts';
import { currentSchemaVersion, type EventDefinitions, requireValidEvents } from './event-definitions.ts';
import type { CommandIdentity } from './idempotency.ts';

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

/**
 * The commits to append, one for each stream with new events. All have one stamp: the current time, or that of the newest
 * commit on any of the streams if that is later. So they must be appended immediately.
 * Throws `clock-off`, and `TypeError` if an event violates its schema.
 */
export function commitsOf<State, Event extends DomainEvent, Answer>(
  sources: CommitSources<State, Event, Answer>,
  decided: DecidedAll<State, Event>,
  request: CommandRequest,
  identity: CommandIdentity,
): Commit[] {
  for (const { events } of decided) requireValidEvents(sources.events, events);
  const first = decided[0].hydrated.stream;
  const committedAt = latest([
    sources.clock.stamp(first),
    ...decided.map(({ hydrated }) => hydrated.committedAt ?? ''),
  ]);
  return decided
    .filter(({ events }) => events.length > 0)
    .map((own) => {
      const commandId = commandIdOn(own.hydrated.stream, first, identity.commandId);
      return commitOf(sources, own, request, { ...identity, commandId, committedAt });
    });
}

function commitOf<State, Event extends DomainEvent, Answer>(
  { events: definitions, answer, effects }: CommitSources<State, Event, Answer>,
  { hydrated, events, state }: Decided<State, Event>,
  request: CommandRequest,
  stamped: CommandIdentity & Pick<Commit, 'committedAt'>,
): Commit {
  const { correlationId, causationId, actor, traceparent, now } = request;
  const commit = {
    stream: hydrated.stream,
    version: hydrated.version + 1,
    events: events.map(({ type, data }) => ({
      id: effects.newId(),
      type,
      schemaVersion: currentSchemaVersion(definitions, type),
      data,
    })),
    ...stamped,
    answer: JSON.stringify(answer(state, now)),
    correlationId,
    causationId,
    actor,
    traceparent,
  };
  return sealed(commit, hydrated.hash);
}

/** The latest of these instants. They are ISO 8601, UTC, ms, so they compare as text. */
function latest(instants: readonly string[]): string {
  return [...instants].sort().at(-1) ?? '';
}

function isFunction<Command, State>(
  command: Command | ((states: readonly State[]) => Command),
): command is (states: readonly State[]) => Command {
  return typeof command === 'function';
}
