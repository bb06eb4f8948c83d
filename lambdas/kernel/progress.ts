/** How far a consumer has handled the commits of one category in one shard of the event stream. */
export interface ShardProgress {
  readonly shardId: string;
  /** Sequence number of the last record that was handled. Within a shard they only grow. */
  readonly sequenceNumber: string;
  /** Time of the commit in that record, ISO 8601, UTC, ms. */
  readonly committedAt: string;
}

/** Where the publisher and the projectors note their progress. */
export interface ProgressBoard {
  /** Replaces the progress of these shards. The progress of other shards stays. */
  note(consumer: string, progress: readonly ShardProgress[]): Promise<void>;
  /** The progress in every shard that was noted. */
  read(consumer: string): Promise<ShardProgress[]>;
}

/**
 * Lag in ms between the last published and the last projected commit, by the times of the commits. It is the largest of
 * all shards, and 0 if everything is projected. A shard without any progress counts as 1, because its first commit is
 * unknown.
 */
export function behindMs(published: readonly ShardProgress[], projected: readonly ShardProgress[]): number {
  const behind = published.map((head) => {
    const reached = projected.find(({ shardId }) => shardId === head.shardId);
    if (reached && BigInt(reached.sequenceNumber) >= BigInt(head.sequenceNumber)) return 0;
    // At least 1, because two commits can have the same millisecond.
    return Math.max(1, Date.parse(head.committedAt) - Date.parse(reached?.committedAt ?? head.committedAt));
  });
  return Math.max(0, ...behind);
}
