import { type Commit, lastVersionOf, type StreamName } from './commit.ts';
import type { Decider, DomainEvent } from './decider.ts';
import { catchUp, type Hydrated, type HydrateSources, hydrate } from './hydrate.ts';
import { HydratedCache } from './hydrated-cache.ts';
import type { Observer } from './observer.ts';
import { RecentCommands } from './recent-commands.ts';

/** What a hydrator needs. */
export interface HydratorOptions<State, Command, Event extends DomainEvent> extends HydrateSources<Event> {
  readonly decider: Decider<State, Command, Event>;
  /** Number of events between snapshots. */
  readonly snapshotThreshold: number;
  readonly observer: Observer;
}

/** Hydrates the streams of one decider. It keeps states in memory and takes snapshots, so later calls read less. */
export class Hydrator<State, Command, Event extends DomainEvent> {
  readonly #options: HydratorOptions<State, Command, Event>;
  readonly #cache = new HydratedCache<State>();

  constructor(options: HydratorOptions<State, Command, Event>) {
    this.#options = options;
  }

  /** The newest state of a stream. Throws `unreadable-event`. */
  async hydrate(stream: StreamName): Promise<Hydrated<State>> {
    const known = this.#cache.get(stream);
    const hydrated = await (known
      ? this.catchUp(known)
      : hydrate(this.#options, this.#options.decider, stream));
    this.#cache.keep(hydrated);
    return hydrated;
  }

  /** Folds the commits after a known state. Throws `unreadable-event`. */
  catchUp(stale: Hydrated<State>): Promise<Hydrated<State>> {
    return catchUp(this.#options, this.#options.decider, stale);
  }

  /** Keeps the state after a commit: in memory, and as a snapshot if one is due. Never throws. */
  async keep(before: Hydrated<State>, state: State, commit: Commit): Promise<void> {
    before.commands.note(commit);
    const { committedAt } = commit;
    const after = { ...before, state, version: lastVersionOf(commit), committedAt };
    this.#cache.keep(await this.#snapshotted(after, committedAt));
  }

  /**
   * Takes a snapshot if one is due, and returns the state to keep in memory. The command has committed, so a failure
   * only costs time later.
   */
  async #snapshotted(hydrated: Hydrated<State>, committedAt: string): Promise<Hydrated<State>> {
    const { snapshots, snapshotThreshold, decider, observer } = this.#options;
    const { stream, version, state, snapshotVersion } = hydrated;
    const isDue = (newest: number) => version - newest >= snapshotThreshold;
    if (!isDue(snapshotVersion)) return hydrated;
    const { stateVersion } = decider;
    const commands = hydrated.commands.toBytes(committedAt);
    // The packed form of the recent commands needs a tenth of the memory.
    const packed = { ...hydrated, commands: RecentCommands.fromBytes(commands) };
    try {
      // Another process may have taken a snapshot in the meantime.
      const newest = await snapshots.load(stream);
      if (newest?.stateVersion === stateVersion && !isDue(newest.version)) {
        return { ...packed, snapshotVersion: newest.version };
      }
      await snapshots.save({ stream, version, stateVersion, state, committedAt, commands });
      return { ...packed, snapshotVersion: version };
    } catch (error) {
      observer.warn('A snapshot could not be written. The next command tries again.', {
        stream,
        version,
        error,
      });
      return packed;
    }
  }
}
