/** How far publisher or projector have come with the commits of one category in one shard of the event stream. */
export interface ShardProgress {
  readonly shardId: string;
  /** Of the last record handled; Kinesis sequence numbers grow within a shard. */
  readonly sequenceNumber: string;
  /** When the commit of that record was made. */
  readonly committedAt: string;
}

/** Where publisher and projectors note how far they have come. */
export interface ProgressBoard {
  note(consumer: string, progress: readonly ShardProgress[]): Promise<void>;
  read(consumer: string): Promise<ShardProgress[]>;
}

/**
 * How far a projector is behind what has been published, in ms of commit time: 0 where it has handled everything.
 * A shard that it has never touched counts from the first thing known to be published there.
 */
export function behindMs(published: readonly ShardProgress[], projected: readonly ShardProgress[]): number {
  const behind = published.map((head) => {
    const reached = projected.find(({ shardId }) => shardId === head.shardId);
    if (reached && BigInt(reached.sequenceNumber) >= BigInt(head.sequenceNumber)) return 0;
    // At least 1: two commits of one millisecond are still two.
    return Math.max(1, Date.parse(head.committedAt) - Date.parse(reached?.committedAt ?? head.committedAt));
  });
  return Math.max(0, ...behind);
}
