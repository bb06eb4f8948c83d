import type { KinesisStreamBatchResponse, KinesisStreamRecord } from 'aws-lambda';
import { decodeCommit, type ReceivedCommit } from '../../messaging/published-commit.ts';
import type { DomainEvent } from '../decider.ts';
import type { Observer } from '../observer.ts';
import { type ParkingLot, parkedRecordMaxChars } from '../parking.ts';
import type { ProgressBoard, ShardProgress } from '../progress.ts';
import type { Projector } from '../projector.ts';
import { updatesByStream } from '../stream-updates.ts';

export interface ProjectBatchDependencies {
  /** The projection's name: under it progress is noted and records are parked. */
  readonly consumer: string;
  /** Streams of other categories are for other projectors. */
  readonly category: string;
  readonly projector: Pick<Projector<DomainEvent, unknown, unknown>, 'project'>;
  readonly parkingLot: ParkingLot;
  readonly progress: ProgressBoard;
  readonly observer: Observer;
}

export interface ProjectedRecords {
  readonly response: KinesisStreamBatchResponse;
  readonly commits: readonly ReceivedCommit[];
  /** Streams whose rows are up to date with the batch. */
  readonly projected: number;
  /** Streams and malformed records set aside. */
  readonly parked: number;
  /** Streams whose records will be delivered again. */
  readonly failed: number;
}

interface Received {
  readonly record: KinesisStreamRecord;
  readonly commit: ReceivedCommit;
}

/**
 * Projects the commits that a batch of the event stream brings. A malformed record is parked and the rest goes on;
 * what could be neither projected nor parked comes again, from the lowest record on.
 */
export async function projectBatch(
  records: readonly KinesisStreamRecord[],
  dependencies: ProjectBatchDependencies,
): Promise<ProjectedRecords> {
  const { category, projector } = dependencies;
  const received: Received[] = [];
  let malformed = 0;
  for (const record of records) {
    const commit = await decodeOrPark(record, dependencies);
    if (commit === undefined) malformed += 1;
    else if (commit.stream.startsWith(`${category}/`)) received.push({ record, commit });
  }
  const commits = received.map(({ commit }) => commit);
  const { projected, parked, failed } = await projector.project(updatesByStream(commits));
  const failedStreams = new Set(failed);
  const lowest = received.find(({ commit }) => failedStreams.has(commit.stream));
  await noteProgress(received, lowest, dependencies);
  return {
    response: { batchItemFailures: lowest ? [{ itemIdentifier: lowest.record.kinesis.sequenceNumber }] : [] },
    commits,
    projected,
    parked: parked.length + malformed,
    failed: failed.length,
  };
}

async function decodeOrPark(
  record: KinesisStreamRecord,
  { consumer, parkingLot, observer }: ProjectBatchDependencies,
): Promise<ReceivedCommit | undefined> {
  const text = Buffer.from(record.kinesis.data, 'base64').toString('utf8');
  try {
    return decodeCommit(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const { sequenceNumber } = record.kinesis;
    observer.warn('A record of the event stream is malformed and is parked.', { sequenceNumber, reason });
    await parkingLot.park({
      consumer,
      subject: `record ${sequenceNumber}`,
      reason,
      record: text.slice(0, parkedRecordMaxChars),
    });
    observer.count('Parked');
    return undefined;
  }
}

/** Notes how far each shard is done: to its last commit of the category, or to the one before the lowest that failed. */
async function noteProgress(
  received: readonly Received[],
  lowest: Received | undefined,
  { consumer, progress, observer }: ProjectBatchDependencies,
): Promise<void> {
  const done = lowest ? received.slice(0, received.indexOf(lowest)) : received;
  const byShard = new Map<string, ShardProgress>();
  for (const { record, commit } of done) {
    const [shardId = ''] = record.eventID.split(':');
    const { sequenceNumber } = record.kinesis;
    byShard.set(shardId, { shardId, sequenceNumber, committedAt: commit.committedAt });
  }
  try {
    await progress.note(consumer, [...byShard.values()]);
  } catch (error) {
    observer.warn('The progress of a projector could not be noted.', { consumer, error });
  }
}
