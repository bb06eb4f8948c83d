import type { StreamName } from './commit.ts';

/** A stream's state at a version, so that hydrating starts there. Derived data: losing one costs time, nothing else. */
export interface Snapshot {
  readonly stream: StreamName;
  /** Last version folded into the state; always the end of a commit. */
  readonly version: number;
  /** The decider's `stateVersion` when it was taken. */
  readonly stateVersion: number;
  readonly state: unknown;
  /** When the commit that ends at `version` was made. */
  readonly committedAt: string;
  /** The stream's recent commands, as `RecentCommands.toBytes` packs them. */
  readonly commands: Uint8Array;
}

/** Keeps the newest snapshot of each stream. */
export interface SnapshotStore {
  /** May be slightly stale: an older snapshot is as correct as the newest, the tail behind it is read anyway. */
  load(stream: StreamName): Promise<Snapshot | undefined>;
  /** Keeps it unless one of the same `stateVersion` and a later version is there already. */
  save(snapshot: Snapshot): Promise<void>;
}
