import type { StreamName } from './commit.ts';

/** The state of a stream at a version. Hydrating starts from it. It is derived data: losing it costs only time. */
export interface Snapshot {
  readonly stream: StreamName;
  /** The version that the state reflects: that of a commit's last event. */
  readonly version: number;
  /** The decider's `stateVersion` when it was taken. */
  readonly stateVersion: number;
  readonly state: unknown;
  /** Time of the commit that ends at `version`, ISO 8601, UTC, ms. */
  readonly committedAt: string;
  /** Hash of that commit. Absent: it has none, or the snapshot is of an earlier release. */
  readonly hash?: string | undefined;
  /** The stream's recent commands, as `RecentCommands.toBytes` packs them. */
  readonly commands: Uint8Array;
}

/** Keeps the newest snapshot of each stream. */
export interface SnapshotStore {
  /**
   * A snapshot of the stream, not always the newest. An older one is also correct: later commits are read from the log.
   * The stored data may be damaged: it is returned unchecked, or this throws.
   */
  load(stream: StreamName): Promise<Snapshot | undefined>;
  /**
   * Stores a snapshot, unless the stored one has the same `stateVersion` and the same or a later version. With `replace`
   * it replaces any stored one: use it if the stored one is unusable.
   */
  save(snapshot: Snapshot, options?: { readonly replace?: boolean }): Promise<void>;
}
