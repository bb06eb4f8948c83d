import { type ChainEnd, endOf, requireContinues } from './chain.ts';
import { type Commit, lastVersionOf, type StreamName } from './commit.ts';
import type { Decider, DomainEvent } from './decider.ts';
import { type EventDefinitions, readEvent } from './event-definitions.ts';
import type { EventLog } from './event-log.ts';
import type { RecentCommands } from './recent-commands.ts';

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
  /** Version of the state that the last reading began with, 0 if with none: the events after it were read. */
  readonly readFrom: number;
  readonly commands: RecentCommands;
}

/** What folding commits needs. */
export interface CatchUpSources<State, Event extends DomainEvent> {
  readonly log: Pick<EventLog, 'read'>;
  readonly events: EventDefinitions<Event>;
  /** Asked at the end of each commit: whether to save the state there. */
  readonly isSaveDue: (version: number, snapshotVersion: number) => boolean;
  /** Saves a state. Returns the state to go on with. */
  readonly save: (reached: Hydrated<State>) => Promise<Hydrated<State>>;
}

/** The snapshot does not fit the log. */
export class MisfitError extends Error {
  override readonly name = 'MisfitError';
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
