/** How far a consumer has handled the commits of one category in one shard of the event stream. */
export interface ShardProgress {
  readonly shardId: string;
  /** Sequence number of the newest record that was handled: a whole number of any length, in decimal digits. */
  readonly sequenceNumber: string;
  /** Time of the commit in that record, ISO 8601, UTC, ms. */
  readonly committedAt: string;
}

/** The progress in a shard, as it was noted. */
export interface NotedProgress extends ShardProgress {
  /**
   * First records of batches that began and have not ended, and first records that a batch could not handle. Those behind
   * them, up to the newest handled one, may not be handled either.
   */
  readonly unfinished?: readonly Omit<ShardProgress, 'shardId'>[];
}

/** The outcome of one batch of one shard. */
export interface BatchProgress {
  readonly shardId: string;
  /** The newest handled record of the batch; undefined if none was handled. */
  readonly reached?: ShardProgress | undefined;
  /** Sequence numbers of all handled records. They are no longer unfinished. */
  readonly handled: ReadonlySet<string>;
  /** The first record that the batch did not handle. It stays unfinished until a batch handles it. */
  readonly unfinished?: ShardProgress | undefined;
  /**
   * The record that was noted as unfinished when the batch began, and what {@link BatchProgressBoard.noteBegin} returned. It
   * is finished in the same write if it was handled.
   */
  readonly begun?: { readonly first: ShardProgress; readonly noted?: NotedProgress | undefined } | undefined;
}

/** Where the publisher and the projectors note their progress. */
export interface ProgressBoard {
  /**
   * Moves the progress of these shards forward. A shard whose progress is further already stays, because batches of a
   * shard may run at the same time and note in any order. The progress of other shards stays too.
   */
  note(consumer: string, progress: readonly ShardProgress[]): Promise<void>;
  /** The progress in every shard that was noted. */
  read(consumer: string): Promise<NotedProgress[]>;
}

/** A progress board that also keeps what batches could not handle. */
export interface BatchProgressBoard extends ProgressBoard {
  /**
   * Notes that a batch begins: its first record is unfinished until a batch handles it. Returns what is noted about the shard
   * now; undefined if no progress was noted there yet.
   */
  noteBegin(consumer: string, first: ShardProgress): Promise<NotedProgress | undefined>;
  /** Notes the outcome of one batch. */
  noteBatch(consumer: string, batch: BatchProgress): Promise<void>;
}

/**
 * Lag in ms between the last published and the last projected commit, by the times of the commits. It is the largest of
 * all shards, and 0 if everything is projected. A shard without any progress counts as 1, because its first commit is
 * unknown. An unfinished record counts like the last projected one.
 */
export function behindMs(published: readonly ShardProgress[], projected: readonly NotedProgress[]): number {
  const behind = published.map((head) => {
    const reached = projected.find(({ shardId }) => shardId === head.shardId);
    const isAtHead = reached !== undefined && !isBefore(reached, head);
    const times = [...(isAtHead ? [] : [reached?.committedAt]), ...unfinishedTimes(reached)];
    return Math.max(0, ...times.map((time) => lagBehind(head, time)));
  });
  return Math.max(0, ...behind);
}

/** Whether `one` is before `other` in their shard. Sequence numbers have any length, so text order is not their order. */
export function isBefore(
  one: Pick<ShardProgress, 'sequenceNumber'>,
  other: Pick<ShardProgress, 'sequenceNumber'>,
): boolean {
  return BigInt(one.sequenceNumber) < BigInt(other.sequenceNumber);
}

function unfinishedTimes(reached: NotedProgress | undefined): readonly string[] {
  return (reached?.unfinished ?? []).map(({ committedAt }) => committedAt);
}

/** At least 1, because two commits can have the same millisecond. */
function lagBehind(head: ShardProgress, committedAt = head.committedAt): number {
  return Math.max(1, Date.parse(head.committedAt) - Date.parse(committedAt));
}
