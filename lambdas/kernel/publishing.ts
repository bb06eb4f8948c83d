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
  /** The W3C trace context that its message carries. Never malformed. Undefined: it is not traced. */
  readonly traceparent?: string | undefined;
}

/** Reads a commit from its published form. Throws for text that is not a published commit. */
export type DecodeCommit = (text: string) => ReceivedCommit;

/** The position of a commit in the event stream. */
export interface StreamPosition extends ShardProgress {
  readonly category: string;
}

/** A commit that a destination refuses, and would refuse again. */
export interface RefusedCommit {
  readonly commit: Commit;
  /** The code of the destination. It has no content of the commit. */
  readonly code: string;
}

/** What a destination did with commits. It accepted those that are neither deferred nor refused. */
export interface SendResult {
  /** Not accepted because of an outage (`isOutage`): sending them again later can succeed. In the order of the call. */
  readonly deferred: readonly Commit[];
  /** Refused for good. */
  readonly refused: readonly RefusedCommit[];
  /** The last reason of `deferred`, if there is one. */
  readonly error: unknown;
  /** Whether the destination answered a call, even if it accepted none of its entries. */
  readonly answered: boolean;
  /** For the event stream: the last position of these commits, for each category in each shard. Empty for a queue. */
  readonly positions: readonly StreamPosition[];
}

/** The W3C trace context that the message of a commit carries. Undefined: none. */
export type TraceparentOf = (commit: Commit) => string | undefined;

/** The trace context of the commit itself. */
export const ownTraceparent: TraceparentOf = ({ traceparent }) => traceparent;

/** A destination of commits. Consumers may receive a commit twice, and commits in any order. */
export interface CommitPublisher {
  /**
   * Sends commits. Never rejects: what is not accepted is in the result. Tries each commit up to `maxAttempts` times (1 or
   * more) while a fault may pass. Default of `traceparentOf`: {@link ownTraceparent}.
   */
  publish(
    commits: readonly Commit[],
    maxAttempts: number,
    traceparentOf?: TraceparentOf,
  ): Promise<SendResult>;
}
