import type { KinesisStreamBatchResponse, KinesisStreamRecord } from 'aws-lambda';
import { categoryOfStream } from '../commit.ts';
import type { Parking } from '../parking.ts';
import type { BatchProgressBoard, ShardProgress } from '../progress.ts';
import type { DecodeCommit, ReceivedCommit } from '../publishing.ts';
import { updatesByStream } from '../stream-updates.ts';
import { decodeOrTryPark } from './decode-or-park.ts';
import { type BatchProjector, projectable, projectIsolated } from './project-isolated.ts';

/** What projecting a batch needs. */
export interface ProjectBatchDependencies extends Parking {
  /** The projection's name. Progress is noted and records are parked under it. */
  readonly consumer: string;
  /** Commits of other categories are ignored. */
  readonly category: string;
  readonly decode: DecodeCommit;
  readonly projector: BatchProjector;
  readonly progress: BatchProgressBoard;
}

/** The outcome of a batch. */
export interface ProjectedRecords {
  readonly response: KinesisStreamBatchResponse;
  /** The commits of the category. */
  readonly commits: readonly ReceivedCommit[];
  /** Number of streams whose rows reflect the batch. */
  readonly projected: number;
  /** Number of streams and records that were parked. */
  readonly parked: number;
  /** Number of streams and malformed records that will be delivered again. */
  readonly failed: number;
}

/** A record of the batch, and what became of it. */
interface Arrived {
  readonly record: KinesisStreamRecord;
  readonly decoded: ReceivedCommit | 'parked' | 'failed';
}

/**
 * Projects the commits in a batch of the event stream. A malformed record and a stream that causes an unforeseen error are
 * parked, and the others are projected. If a stream or record can neither be handled nor parked, because of an outage,
 * Lambda delivers the batch again from its first such record on.
 */
export async function projectBatch(
  records: readonly KinesisStreamRecord[],
  dependencies: ProjectBatchDependencies,
): Promise<ProjectedRecords> {
  const { category, projector } = dependencies;
  const arrived: Arrived[] = [];
  for (const [index, record] of records.entries()) {
    arrived.push({ record, decoded: await decode(record, index, dependencies) });
  }
  const own = arrived.filter(
    ({ decoded }) => typeof decoded === 'string' || categoryOfStream(decoded.stream) === category,
  );
  const commits = own.flatMap(({ decoded }) => (typeof decoded === 'string' ? [] : [decoded]));
  const result = await projectIsolated(projector, updatesByStream(commits), dependencies);
  const failedStreams = new Set<string>(result.failed);
  const isFailed = ({ decoded }: Arrived) =>
    decoded === 'failed' || (typeof decoded !== 'string' && failedStreams.has(decoded.stream));
  await noteProgress({ own, isFailed }, dependencies);
  const failure = own.find(isFailed);
  return {
    response: { batchItemFailures: failure ? [{ itemIdentifier: numberOf(failure.record) }] : [] },
    commits,
    projected: result.projected,
    parked: result.parked.length + own.filter(({ decoded }) => decoded === 'parked').length,
    failed: result.failed.length + own.filter(({ decoded }) => decoded === 'failed').length,
  };
}

function decode(record: KinesisStreamRecord, index: number, dependencies: ProjectBatchDependencies) {
  const { consumer } = dependencies;
  const subject = `record ${numberOf(record) || `${index + 1} of a batch, without a number`}`;
  const raw = { consumer, subject, text: () => textOf(record) ?? JSON.stringify(record) };
  return decodeOrTryPark(dependencies, raw, () => {
    const text = textOf(record);
    if (text === undefined) throw new TypeError('The record is not one of the event stream.');
    return projectable(dependencies.decode(text));
  });
}

/** The data of a record; undefined for a record of an unknown shape. */
function textOf(record: Partial<KinesisStreamRecord> | null): string | undefined {
  const data: unknown = record?.kinesis?.data;
  return typeof data === 'string' ? Buffer.from(data, 'base64').toString('utf8') : undefined;
}

/** The sequence number. Empty if the record has none: for Lambda, the whole batch has then failed. */
function numberOf(record: Partial<KinesisStreamRecord> | null): string {
  return record?.kinesis?.sequenceNumber ?? '';
}

/** Notes, for each shard, the newest handled record and the first one that failed. A failure only causes a warning. */
async function noteProgress(
  {
    own,
    isFailed,
  }: {
    readonly own: readonly Arrived[];
    readonly isFailed: (one: Arrived) => boolean;
  },
  { consumer, progress, observer }: ProjectBatchDependencies,
): Promise<void> {
  try {
    // A batch of Lambda has one shard. What a person replays may have several.
    const placed = own.filter(({ record }) => shardOf(record) !== '' && numberOf(record) !== '');
    for (const [shardId, records] of Map.groupBy(placed, ({ record }) => shardOf(record))) {
      const lowest = records.findIndex(isFailed);
      const done = lowest === -1 ? records : records.slice(0, lowest);
      const [last, unfinished] = [done.at(-1), records[lowest]];
      await progress.noteBatch(consumer, {
        shardId,
        reached: last && positionOf(last, shardId),
        handled: new Set(done.map(({ record }) => numberOf(record))),
        unfinished: unfinished && positionOf(unfinished, shardId),
      });
    }
  } catch (error) {
    observer.warn('The progress of a projector could not be noted.', { consumer, error });
  }
}

/** The shard of a record. Empty for a record of an unknown shape. */
function shardOf(record: Partial<KinesisStreamRecord> | null): string {
  const eventId: unknown = record?.eventID;
  return typeof eventId === 'string' ? (eventId.split(':')[0] ?? '') : '';
}

/** The place of a record. A malformed record has no time of a commit: the time of its arrival is used. */
function positionOf({ record, decoded }: Arrived, shardId: string): ShardProgress {
  const { sequenceNumber, approximateArrivalTimestamp } = record.kinesis;
  const arrivedAt = () => new Date(approximateArrivalTimestamp * 1_000).toISOString();
  return {
    shardId,
    sequenceNumber,
    committedAt: typeof decoded === 'string' ? arrivedAt() : decoded.committedAt,
  };
}
