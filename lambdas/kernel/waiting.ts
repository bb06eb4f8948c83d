import type { StreamName } from './commit.ts';

/** A commit that waits for a destination. The log has its content. */
export interface WaitingCommit {
  readonly destination: string;
  readonly stream: StreamName;
  /** Version of the commit's first event. */
  readonly version: number;
  /** ISO 8601, UTC, ms. */
  readonly committedAt: string;
  /** ISO 8601, UTC, ms. */
  readonly waitingSince: string;
}

/** A stored {@link WaitingCommit}. */
export interface WaitingRow extends WaitingCommit {
  /** Identifies it within its destination. */
  readonly key: string;
}

/** Where commits wait that a destination did not accept because of an outage. */
export interface WaitingRoom {
  /** Adds commits, or replaces those that wait already. */
  add(commits: readonly WaitingCommit[]): Promise<void>;
  /** The oldest commits that wait for a destination, oldest first: at most `limit`, only keys after `after`. */
  oldest(destination: string, limit: number, after?: string): Promise<WaitingRow[]>;
  /** Removes commits. Does nothing for those that do not wait. */
  remove(rows: readonly WaitingRow[]): Promise<void>;
}

const instantPattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/**
 * The key of a waiting commit. Keys sort by the time of the commit. A time of another form sorts first: only damaged
 * commits have one, and it may be longer than a key can be.
 */
export function waitingKey({ stream, version, committedAt }: Omit<WaitingCommit, 'destination'>): string {
  return `${instantPattern.test(committedAt) ? committedAt : ''} ${stream}@${version}`;
}
