import type { KinesisStreamRecord } from 'aws-lambda';
import type { Observer } from '../observer.ts';
import { isOutage } from '../outage.ts';
import type { BatchProgressBoard, NotedProgress, ShardProgress } from '../progress.ts';
import type { ReceivedCommit } from '../publishing.ts';

/** A record of the batch, and what became of it. */
export interface Arrived {
  readonly record: KinesisStreamRecord;
  readonly decoded: ReceivedCommit | 'parked' | 'failed';
}

/** What noting the progress of a batch needs. */
export interface BatchProgressDependencies {
  /** The projection's name. Progress is noted under it. */
  readonly consumer: string;
  readonly progress: BatchProgressBoard;
  /**
   * Batches of one shard that may run at the same time (1 or more). If there may be several, each notes where it begins: a
   * later batch that is handled first would say that this one is handled too.
   */
  readonly batchesPerShard: number;
  readonly observer: Observer;
}

/** Where a batch begins in a shard. */
interface Begun {
  readonly first: ShardProgress;
  /** What was noted about the shard then. */
  readonly noted?: NotedProgress | undefined;
}

/** Notes the progress of one batch: where it begins, and what became of it. */
export class BatchNotes {
  readonly #dependencies: BatchProgressDependencies;
  /** The own records of each shard. A batch of Lambda has one shard. What a person replays may have several. */
  readonly #shards: ReadonlyMap<string, readonly Arrived[]>;
  readonly #begun = new Map<string, Begun>();

  /** `own`: the records of the projector's category, and those that nobody can read. */
  constructor(own: readonly Arrived[], dependencies: BatchProgressDependencies) {
    this.#dependencies = dependencies;
    const placed = own.filter(({ record }) => shardOf(record) !== '' && /^\d+$/.test(numberOf(record)));
    this.#shards = Map.groupBy(placed, ({ record }) => shardOf(record));
  }

  /**
   * Notes the first record of the batch as unfinished, if other batches of its shard may run. Without own records it writes
   * nothing. A failure only causes a warning: not to project would leave the same gap, for longer.
   */
  async begin(): Promise<void> {
    const { consumer, progress, batchesPerShard, observer } = this.#dependencies;
    if (batchesPerShard === 1) return;
    for (const [shardId, [record]] of this.#shards) {
      if (record === undefined) continue;
      try {
        const first = positionOf(record, shardId);
        // A write without an answer may have been carried out.
        this.#begun.set(shardId, { first });
        this.#begun.set(shardId, { first, noted: await progress.noteBegin(consumer, first) });
      } catch (error) {
        observer.warn('The begin of a batch could not be noted.', { consumer, error });
      }
    }
  }

  /**
   * Notes, for each shard, the newest handled record and the first one that failed. A failure causes a warning. Returns the
   * record from which on the batch must come again because of an outage: otherwise a note that it, or an earlier delivery of
   * it, is unfinished could stay. Undefined if there is none.
   */
  async end(isFailed: (one: Arrived) => boolean): Promise<KinesisStreamRecord | undefined> {
    const { consumer, progress, observer } = this.#dependencies;
    let again: KinesisStreamRecord | undefined;
    for (const [shardId, records] of this.#shards) {
      const begun = this.#begun.get(shardId);
      try {
        await progress.noteBatch(consumer, { ...outcomeOf(records, shardId, isFailed), begun });
      } catch (error) {
        observer.warn('The progress of a projector could not be noted.', { consumer, error });
        if (isOutage(error)) again ??= records[0]?.record;
      }
    }
    return again;
  }
}

function outcomeOf(records: readonly Arrived[], shardId: string, isFailed: (one: Arrived) => boolean) {
  const lowest = records.findIndex(isFailed);
  const done = lowest === -1 ? records : records.slice(0, lowest);
  const [last, unfinished] = [done.at(-1), records[lowest]];
  return {
    shardId,
    reached: last && positionOf(last, shardId),
    handled: new Set(done.map(({ record }) => numberOf(record))),
    unfinished: unfinished && positionOf(unfinished, shardId),
  };
}

/** The sequence number. Empty if the record has none: for Lambda, the whole batch has then failed. */
export function numberOf(record: Partial<KinesisStreamRecord> | null): string {
  return record?.kinesis?.sequenceNumber ?? '';
}

/** The shard of a record. Empty for a record of an unknown shape. */
function shardOf(record: Partial<KinesisStreamRecord> | null): string {
  const eventId: unknown = record?.eventID;
  return typeof eventId === 'string' ? (eventId.split(':')[0] ?? '') : '';
}

/** The place of a record. If it has no time of a commit, the time of its arrival is used. */
function positionOf({ record, decoded }: Arrived, shardId: string): ShardProgress {
  const { sequenceNumber, approximateArrivalTimestamp } = record.kinesis;
  const committedAt: unknown = typeof decoded === 'string' ? undefined : decoded.committedAt;
  return {
    shardId,
    sequenceNumber,
    committedAt:
      typeof committedAt === 'string'
        ? committedAt
        : new Date(approximateArrivalTimestamp * 1_000).toISOString(),
  };
}
