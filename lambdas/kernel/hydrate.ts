import { type CatchUpSources, catchUp, type Hydrated, MisfitError } from './catch-up.ts';
import { logChanged } from './chain.ts';
import type { Commit, StreamName } from './commit.ts';
import type { Decider, DomainEvent } from './decider.ts';
import type { EventDefinitions } from './event-definitions.ts';
import type { EventLog } from './event-log.ts';
import { fullReplay } from './full-replay.ts';
import type { Observer } from './observer.ts';
import { RecentCommands } from './recent-commands.ts';
import type { SealedHistory } from './sealed-history.ts';
import type { SnapshotStore } from './snapshot-store.ts';
import { loadSnapshot, type UsableSnapshot, warnOfSnapshot } from './usable-snapshot.ts';

/** What hydrating reads. */
export interface HydrateSources<Event extends DomainEvent> {
  readonly log: EventLog;
  readonly snapshots: SnapshotStore;
  readonly events: EventDefinitions<Event>;
  /** Read instead of the log where there is no snapshot. Default: none, the log is read. */
  readonly sealed?: SealedHistory | undefined;
}

/**
 * Folds a stream into its state: a usable snapshot, then every later commit. Without a usable snapshot it folds the whole
 * stream. Throws `unreadable-event`, and what the log throws. Throws `log-changed` if a commit that it reads is not the one
 * that was appended, or if the log has no commit with the hash in the snapshot.
 */
export async function hydrate<State, Command, Event extends DomainEvent>(
  sources: CatchUpSources<State, Event> &
    Pick<HydrateSources<Event>, 'log' | 'snapshots' | 'sealed'> & { observer: Observer },
  decider: Decider<State, Command, Event>,
  stream: StreamName,
): Promise<Hydrated<State>> {
  const { usable, isDamaged } = await loadSnapshot(sources, decider, stream);
  const fromStart = (isSnapshotDamaged: boolean, more: Partial<typeof sources> = {}) =>
    fullReplay({ ...sources, ...more }, decider, {
      stream,
      state: decider.initialState(),
      version: 0,
      hash: undefined,
      committedAt: undefined,
      snapshotVersion: 0,
      isSnapshotDamaged,
      readFrom: 0,
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
    // Segments do not have the hashes, and a snapshot saved on the way would replace the one that proves the change.
    const hydrated = await fromStart(true, { log: witness.log, isSaveDue: () => false, sealed: undefined });
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
    readFrom: version,
    commands: RecentCommands.fromBytes(commands),
  };
}
