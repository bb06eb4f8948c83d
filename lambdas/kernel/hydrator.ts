import { type CatchUpSources, catchUp, type Hydrated } from './catch-up.ts';
import { endOf, noteLogChange } from './chain.ts';
import type { Commit, StreamName } from './commit.ts';
import type { Decider, DomainEvent } from './decider.ts';
import { type HydrateSources, hydrate } from './hydrate.ts';
import { HydratedCache } from './hydrated-cache.ts';
import type { Observer } from './observer.ts';
import { RecentCommands } from './recent-commands.ts';
import { loadSnapshot } from './usable-snapshot.ts';

/** What a hydrator needs. */
export interface HydratorOptions<State, Command, Event extends DomainEvent> extends HydrateSources<Event> {
  readonly decider: Decider<State, Command, Event>;
  /** Number of events between snapshots. */
  readonly snapshotThreshold: number;
  readonly observer: Observer;
}

/**
 * While it folds a long history, a hydrator saves a snapshot each time this number of events has passed. If the process
 * is stopped before the end, the next one goes on from there.
 */
export const savedOnTheWayEvents = 10_000;

/** Hydrates the streams of one decider. It keeps states in memory and takes snapshots, so later calls read less. */
export class Hydrator<State, Command, Event extends DomainEvent> {
  readonly #options: HydratorOptions<State, Command, Event>;
  readonly #cache = new HydratedCache<State>();

  constructor(options: HydratorOptions<State, Command, Event>) {
    this.#options = options;
  }

  /** The newest state of a stream. Throws `unreadable-event`, `log-changed`, and what the log throws. */
  async hydrate(stream: StreamName): Promise<Hydrated<State>> {
    const known = this.#cache.get(stream);
    const hydrated = await (known ? this.catchUp(known) : this.#hydrate(stream));
    this.#cache.keep(hydrated);
    return hydrated;
  }

  /** Folds the commits after a known state. Throws `unreadable-event`, `log-changed`, and what the log throws. */
  catchUp(stale: Hydrated<State>): Promise<Hydrated<State>> {
    const from = { ...stale, readFrom: stale.version };
    return this.#noting(catchUp(this.#catchUpSources(), this.#options.decider, from));
  }

  #hydrate(stream: StreamName): Promise<Hydrated<State>> {
    const sources = { ...this.#catchUpSources(), ...this.#options };
    return this.#noting(hydrate(sources, this.#options.decider, stream));
  }

  /** Reports and counts if the log is not what was appended. */
  async #noting(hydrating: Promise<Hydrated<State>>): Promise<Hydrated<State>> {
    try {
      return await hydrating;
    } catch (error) {
      noteLogChange(this.#options.observer, error);
      throw error;
    }
  }

  /** Keeps the state after a commit: in memory, and as a snapshot if one is due. Never throws. */
  async keep(before: Hydrated<State>, state: State, commit: Commit): Promise<void> {
    const commands = before.commands.copy();
    commands.note(commit);
    const { committedAt } = commit;
    const after = { ...before, state, ...endOf(commit), committedAt, commands };
    this.#cache.keep(await this.#snapshotted(after));
  }

  /** Folding that saves on the way. After a snapshot that could not be saved, it saves no more. */
  #catchUpSources(): CatchUpSources<State, Event> {
    const { log, events } = this.#options;
    let canSave = true;
    return {
      log,
      events,
      isSaveDue: (version, snapshotVersion) => canSave && version - snapshotVersion >= savedOnTheWayEvents,
      save: async (reached) => {
        const saved = await this.#save(reached);
        canSave = saved !== undefined;
        return saved ?? reached;
      },
    };
  }

  /** Takes a snapshot if one is due, and returns the state to keep in memory. */
  async #snapshotted(hydrated: Hydrated<State>): Promise<Hydrated<State>> {
    const { snapshotThreshold, decider } = this.#options;
    const { stream, version, snapshotVersion, isSnapshotDamaged } = hydrated;
    const isDue = (newest: number) => version - newest >= snapshotThreshold;
    if (!isDue(snapshotVersion)) return hydrated;
    // The packed form of the recent commands needs a tenth of the memory.
    const packed = { ...hydrated, commands: RecentCommands.fromBytes(packedCommands(hydrated)) };
    if (isSnapshotDamaged) return (await this.#save(packed)) ?? packed;
    // Another process may have taken a snapshot in the meantime.
    const { usable, isDamaged } = await loadSnapshot(this.#options, decider, stream);
    if (usable && !isDue(usable.version)) return { ...packed, snapshotVersion: usable.version };
    return (await this.#save({ ...packed, isSnapshotDamaged: isDamaged })) ?? packed;
  }

  /** Saves a snapshot. Undefined if that fails: no command depends on it, so a failure only costs time later. */
  async #save(hydrated: Hydrated<State>): Promise<Hydrated<State> | undefined> {
    const { snapshots, decider, observer } = this.#options;
    const { stream, version, state, committedAt = '', hash, isSnapshotDamaged } = hydrated;
    const { stateVersion } = decider;
    const commands = packedCommands(hydrated);
    const snapshot = { stream, version, stateVersion, state, committedAt, hash, commands };
    try {
      await snapshots.save(snapshot, { replace: isSnapshotDamaged });
      return { ...hydrated, snapshotVersion: version, isSnapshotDamaged: false };
    } catch (error) {
      observer.warn('A snapshot could not be written. The next command tries again.', {
        stream,
        version,
        error,
      });
      return undefined;
    }
  }
}

function packedCommands({ commands, committedAt = '' }: Hydrated<unknown>): Uint8Array {
  return commands.toBytes(committedAt);
}
