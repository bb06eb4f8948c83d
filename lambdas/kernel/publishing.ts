import type { Commit, StoredEvent, StreamName } from './commit.ts';
import type { ShardProgress } from './progress.ts';

/** A commit as a consumer receives it. */
export interface ReceivedCommit {
  readonly stream: StreamName;
  /** Version of the first event. */
  readonly version: number;
  /** Number of events in the commit. */
  readonly count: number;
  /** Empty if the commit was published without its events: read them from the log. */
  readonly events: readonly StoredEvent[];
  /** ISO 8601, UTC, ms. */
  readonly committedAt: string;
  readonly correlationId: string;
}

/** Reads a commit from its published form. Throws for text that is not a published commit. */
export type DecodeCommit = (text: string) => ReceivedCommit;

/** What a destination did not accept. */
export interface SendResult {
  /** In the order of the call. */
  readonly failed: readonly Commit[];
  /** The last reason, if there is one. */
  readonly error: unknown;
}

/** A destination of commits. Consumers may receive a commit twice, and commits in any order. */
export interface CommitPublisher {
  /** Sends commits. Refused commits are in `failed`, and are not an error. */
  publish(commits: readonly Commit[]): Promise<SendResult>;
}

/** The position of a commit in the event stream. */
export interface StreamPosition extends ShardProgress {
  readonly category: string;
}

/** The result of sending commits to the event stream. */
export interface StreamSendResult extends SendResult {
  /** The last position of this batch, for each category in each shard. */
  readonly positions: readonly StreamPosition[];
}

/** The event stream as a destination. It returns the positions of the commits. */
export interface EventStreamPublisher {
  publish(commits: readonly Commit[]): Promise<StreamSendResult>;
}
