import { lastVersionOf, requireNext, type StreamName } from './commit.ts';
import type { Decider, DomainEvent } from './decider.ts';
import { type EventDefinitions, readEvent } from './event-definitions.ts';
import type { EventLog } from './event-log.ts';
import { RecentCommands } from './recent-commands.ts';
import type { SnapshotStore } from './snapshot-store.ts';

/** The newest state of a stream, with everything that a decision needs. */
export interface Hydrated<State> {
  readonly stream: StreamName;
  readonly state: State;
  /** Version of the last event; 0 if the stream does not exist. */
  readonly version: number;
  /** Time of the last commit (ISO 8601, UTC, ms); undefined if the stream does not exist. */
  readonly committedAt: string | undefined;
  /** Version of the newest known snapshot; 0 if there is none. */
  readonly snapshotVersion: number;
  readonly commands: RecentCommands;
}

/** What hydrating reads. */
export interface HydrateSources<Event extends DomainEvent> {
  readonly log: EventLog;
  readonly snapshots: SnapshotStore;
  readonly events: EventDefinitions<Event>;
}

/** Folds a stream into its state: a usable snapshot, then every later commit. Throws `unreadable-event`. */
export async function hydrate<State, Command, Event extends DomainEvent>(
  sources: HydrateSources<Event>,
  decider: Decider<State, Command, Event>,
  stream: StreamName,
): Promise<Hydrated<State>> {
  const snapshot = await sources.snapshots.load(stream);
  const usable = snapshot?.stateVersion === decider.stateVersion ? snapshot : undefined;
  return catchUp(sources, decider, {
    stream,
    state: usable ? (usable.state as State) : decider.initialState(),
    version: usable?.version ?? 0,
    committedAt: usable?.committedAt,
    snapshotVersion: usable?.version ?? 0,
    commands: usable ? RecentCommands.fromBytes(usable.commands) : RecentCommands.empty(),
  });
}

/** Folds the commits after a known state. Throws `unreadable-event`. */
export async function catchUp<State, Command, Event extends DomainEvent>(
  sources: Pick<HydrateSources<Event>, 'log' | 'events'>,
  decider: Decider<State, Command, Event>,
  from: Hydrated<State>,
): Promise<Hydrated<State>> {
  let { state, version, committedAt } = from;
  for await (const page of sources.log.read(from.stream, { fromVersion: from.version + 1 })) {
    for (const commit of page) {
      requireNext(commit, version);
      for (const event of commit.events) {
        state = decider.evolve(state, readEvent(sources.events, from.stream, event));
      }
      version = lastVersionOf(commit);
      committedAt = commit.committedAt;
      from.commands.note(commit);
    }
  }
  return { ...from, state, version, committedAt };
}
