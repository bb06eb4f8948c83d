import { isVersion, type StreamName } from './commit.ts';
import { isHash } from './commit-hash.ts';
import type { Decider, DomainEvent } from './decider.ts';
import type { Observer } from './observer.ts';
import { isOutage } from './outage.ts';
import { RecentCommands } from './recent-commands.ts';
import type { Snapshot, SnapshotStore } from './snapshot-store.ts';

/** A snapshot that hydrating can start from. */
export interface UsableSnapshot extends Snapshot {
  /** Version of the first event of the commit that ends at `version`. That commit proves that the snapshot fits the log. */
  readonly lastCommit: number;
}

/** What loading a snapshot results in. */
export interface LoadedSnapshot {
  /** Undefined if there is none that can be used. */
  readonly usable: UsableSnapshot | undefined;
  /** True if the stored one is damaged, so that the next one must replace it. */
  readonly isDamaged: boolean;
}

/**
 * Loads a snapshot and checks it. Never throws: a snapshot is derived data, so every fault of it or of its store is only
 * a warning, and the stream is read from the log instead.
 */
export async function loadSnapshot<State, Command, Event extends DomainEvent>(
  { snapshots, observer }: { readonly snapshots: SnapshotStore; readonly observer: Observer },
  decider: Decider<State, Command, Event>,
  stream: StreamName,
): Promise<LoadedSnapshot> {
  try {
    const snapshot = await snapshots.load(stream);
    if (snapshot === undefined || isOfOtherStateVersion(snapshot, decider)) return none;
    const lastCommit = lastCommitOf(snapshot, decider);
    if (lastCommit !== undefined) return { usable: { ...snapshot, lastCommit }, isDamaged: false };
    warnOfSnapshot(observer, stream, 'It is damaged.');
    return damaged;
  } catch (error) {
    warnOfSnapshot(observer, stream, error);
    return isOutage(error) ? none : damaged;
  }
}

const none: LoadedSnapshot = { usable: undefined, isDamaged: false };
const damaged: LoadedSnapshot = { usable: undefined, isDamaged: true };

/** Reports that a snapshot is not used. */
export function warnOfSnapshot(observer: Observer, stream: StreamName, error: unknown): void {
  observer.warn('A snapshot cannot be used. The stream is read from the log instead.', { stream, error });
}

/** A snapshot of other code is not damaged. A version that is not a number is. */
function isOfOtherStateVersion(
  { stateVersion }: Snapshot,
  decider: { readonly stateVersion: number },
): boolean {
  return Number.isSafeInteger(stateVersion) && stateVersion !== decider.stateVersion;
}

/** Undefined if a part of the snapshot cannot be what was saved. */
function lastCommitOf(
  { version, stateVersion, state, committedAt, hash, commands }: Snapshot,
  { initialState, isState = () => true }: Pick<Decider<unknown, never, never>, 'initialState' | 'isState'>,
): number | undefined {
  const isPlausible =
    isVersion(version) &&
    Number.isSafeInteger(stateVersion) &&
    !Number.isNaN(Date.parse(committedAt)) &&
    (hash === undefined || isHash(hash)) &&
    hasShapeOf(initialState(), state) &&
    isState(state);
  return isPlausible ? RecentCommands.lastCommitIn(commands, version) : undefined;
}

/** True for a value of the same kind. An object also has the strings, numbers and booleans that the initial one has. */
function hasShapeOf(initial: unknown, state: unknown): boolean {
  if (kindOf(initial) !== kindOf(state)) return false;
  if (kindOf(initial) !== 'object') return true;
  return Object.entries(initial as object).every(
    ([name, value]) =>
      !['string', 'number', 'boolean'].includes(typeof value) ||
      typeof (state as Readonly<Record<string, unknown>>)[name] === typeof value,
  );
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
