import { type ChainEnd, endOf, logChanged, requireContinues } from './chain.ts';
import { type Commit, lastVersionOf, type StreamName } from './commit.ts';
import type { Decider, DomainEvent } from './decider.ts';
import { type EventDefinitions, readEvent } from './event-definitions.ts';
import type { EventLog } from './event-log.ts';
import type { Observer } from './observer.ts';
import { RecentCommands } from './recent-commands.ts';
import type { SnapshotStore } from './snapshot-store.ts';
import { loadSnapshot, type UsableSnapshot, warnOfSnapshot } from './usable-snapshot.ts';

/** The newest state of a stream, with everything that a decision needs. */
export interface Hydrated<State> extends ChainEnd {
  readonly stream: StreamName;
  readonly state: State;
  /** Version of the last event; 0 if the stream does not exist. */
  readonly version: number;
  /** Hash of the last commit; undefined if it has none. The next commit continues it. */
  readonly hash: string | undefined;
  /** Time of the last commit (ISO 8601, UTC, ms); undefined if the stream does not exist. */
  readonly committedAt: string | undefined;
  /** Version of the newest known snapshot; 0 if there is none that can be used. */
  readonly snapshotVersion: number;
  /** True if the stored snapshot is damaged: the next one must replace it. */
  readonly isSnapshotDamaged: boolean;
  readonly commands: RecentCommands;
}

/** What hydrating reads. */
export interface HydrateSources<Event extends DomainEvent> {
  readonly log: EventLog;
  readonly snapshots: SnapshotStore;
  readonly events: EventDefinitions<Event>;
}

/** What folding commits needs. */
export interface CatchUpSources<State, Event extends DomainEvent>
  extends Pick<HydrateSources<Event>, 'log' | 'events'> {
  /** Asked at the end of each commit: whether to save the state there. */
  readonly isSaveDue: (version: number, snapshotVersion: number) => boolean;
  /** Saves a state. Returns the state to go on with. */
  readonly save: (reached: Hydrated<State>) => Promise<Hydrated<State>>;
}

/** The snapshot does not fit the log. */
class MisfitError extends Error {
  override readonly name = 'MisfitError';
}

/**
 * Folds a stream into its state: a usable snapshot, then every later commit. Without a usable snapshot it folds the whole
 * stream. Throws `unreadable-event`, and what the log throws. Throws `log-changed` if a commit that it reads is not the one
 * that was appended, or if the log has no commit with the hash in the snapshot.
 */
export async function hydrate<State, Command, Event extends DomainEvent>(
  sources: CatchUpSources<State, Event> & Pick<HydrateSources<Event>, 'snapshots'> & { observer: Observer },
  decider: Decider<State, Command, Event>,
  stream: StreamName,
): Promise<Hydrated<State>> {
  const { usable, isDamaged } = await loadSnapshot(sources, decider, stream);
  const fromStart = (isSnapshotDamaged: boolean, more: Partial<typeof sources> = {}) =>
    catchUp({ ...sources, ...more }, decider, {
      stream,
      state: decider.initialState(),
      version: 0,
      hash: undefined,
      committedAt: undefined,
      snapshotVersion: 0,
      isSnapshotDamaged,
      commands: RecentCommands.empty(),
    });
  if (usable === undefined) return fromStart(isDamaged);
  try {
    return await catchUp(sources, suspicious(decider), hydratedFrom<State>(usable), usable.lastCommit);
  } catch (error) {
    // Against any other fault, reading the log from the start would not help.
    if (!(error instanceof MisfitError)) throw error;
    warnOfSnapshot(sources.observer, stream, error);
    if (usable.hash === undefined) return fromStart(true);
    const witness = new HashWitness(sources.log, usable.hash);
    // A snapshot saved on the way would replace the one that proves the change.
    const hydrated = await fromStart(true, { log: witness.log, isSaveDue: () => false });
    witness.requireSeen(stream);
    return hydrated;
  }
}

/** Looks for a commit with a hash among those that are read: a snapshot with this hash has seen it. */
class HashWitness {
  /** The log to read. */
  readonly log: EventLog;
  #isSeen = false;

  constructor(log: EventLog, hash: string) {
    const see = (page: readonly Commit[]) => {
      this.#isSeen ||= page.some((commit) => commit.hash === hash);
    };
    this.log = {
      append: (commits) => log.append(commits),
      readCommit: (stream, version) => log.readCommit(stream, version),
      read: async function* (stream, range) {
        for await (const page of log.read(stream, range)) {
          see(page);
          yield page;
        }
      },
    };
  }

  /** Throws `log-changed` if no commit has the hash. If one has, only the snapshot is wrong. */
  requireSeen(stream: StreamName): void {
    if (!this.#isSeen)
      throw logChanged(stream, 'The commit with the hash in the snapshot is not in the log.');
  }
}

/** The decider, if its state is from a snapshot: `evolve` accepts every state, so the state is damaged if it throws. */
function suspicious<State, Command, Event extends DomainEvent>(
  decider: Decider<State, Command, Event>,
): Decider<State, Command, Event> {
  return {
    ...decider,
    evolve: (state, event) => {
      try {
        return decider.evolve(state, event);
      } catch (cause) {
        throw new MisfitError('The state of the snapshot cannot be folded.', { cause });
      }
    },
  };
}

function hydratedFrom<State>({ stream, state, version, hash, committedAt, commands }: UsableSnapshot) {
  return {
    stream,
    state: state as State,
    version,
    hash,
    committedAt,
    snapshotVersion: version,
    isSnapshotDamaged: false,
    commands: RecentCommands.fromBytes(commands),
  };
}

/**
 * Folds the commits after a known state. With `lastCommit`, the first version of the commit that the state ends with, it
 * also checks that the log has this commit. Throws `unreadable-event`, `log-changed`, and what the log throws.
 */
export async function catchUp<State, Command, Event extends DomainEvent>(
  { log, events, isSaveDue, save }: CatchUpSources<State, Event>,
  decider: Decider<State, Command, Event>,
  from: Hydrated<State>,
  lastCommit?: number,
): Promise<Hydrated<State>> {
  let { state, committedAt } = from;
  let end: ChainEnd = from;
  // Others may use the known state at the same time, so it is not changed.
  const commands = from.commands.copy();
  let saved = { ...from, commands };
  let isChecked = lastCommit === undefined;
  for await (const page of log.read(from.stream, { fromVersion: lastCommit ?? from.version + 1 })) {
    for (const commit of page) {
      if (!isChecked) {
        requireEndOf(commit, from);
        // A snapshot of an earlier release has no hash, but its commit may have one.
        end = endOf(commit);
        isChecked = true;
        continue;
      }
      requireContinues(commit, end);
      for (const event of commit.events) {
        state = decider.evolve(state, readEvent(events, from.stream, event));
      }
      saved.commands.note(commit);
      end = endOf(commit);
      committedAt = commit.committedAt;
      if (isSaveDue(end.version, saved.snapshotVersion)) {
        saved = await save({ ...saved, state, version: end.version, hash: end.hash, committedAt });
      }
    }
  }
  if (!isChecked) throw new MisfitError('The log has no commit where the snapshot ends.');
  return { ...saved, state, version: end.version, hash: end.hash, committedAt };
}

/** Throws if a snapshot does not end with this commit. */
function requireEndOf(commit: Commit, { version, hash }: Hydrated<unknown>): void {
  if (lastVersionOf(commit) !== version) {
    throw new MisfitError(`No commit of the log ends at version ${version}, where the snapshot ends.`);
  }
  if (hash !== undefined && hash !== commit.hash) {
    throw new MisfitError(
      `The commit of the log that ends at version ${version} is not that of the snapshot.`,
    );
  }
}
