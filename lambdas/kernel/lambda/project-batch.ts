import type { KinesisStreamBatchResponse, KinesisStreamRecord } from 'aws-lambda';
import { categoryOfStream } from '../commit.ts';
import type { DomainEvent } from '../decider.ts';
import type { Parking } from '../parking.ts';
import type { ProgressBoard, ShardProgress } from '../progress.ts';
import type { Projector } from '../projector.ts';
import type { DecodeCommit, ReceivedCommit } from '../publishing.ts';
import { updatesByStream } from '../stream-updates.ts';
import { decodeOrPark } from './decode-or-park.ts';

/** What projecting a batch needs. */
export interface ProjectBatchDependencies extends Parking {
  /** The projection's name. Progress is noted and records are parked under it. */
  readonly consumer: string;
  /** Commits of other categories are ignored. */
  readonly category: string;
  readonly decode: DecodeCommit;
  readonly projector: Pick<Projector<DomainEvent, unknown, unknown>, 'project'>;
  readonly progress: ProgressBoard;
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
  /** Number of streams whose records will be delivered again. */
  readonly failed: number;
}

interface Received {
  readonly record: KinesisStreamRecord;
  readonly commit: ReceivedCommit;
}

/**
 * Projects the commits in a batch of the event stream. A malformed record is parked and the others are projected.
 * If a stream fails and cannot be parked, Lambda delivers the batch again from its first record on.
 */
export async function projectBatch(
  records: readonly KinesisStreamRecord[],
  dependencies: ProjectBatchDependencies,
): Promise<ProjectedRecords> {
  const { category, projector } = dependencies;
  const received: Received[] = [];
  let malformed = 0;
  for (const record of records) {
    const commit = await decode(record, dependencies);
    if (commit === undefined) malformed += 1;
    else if (categoryOfStream(commit.stream) === category) received.push({ record, commit });
  }
  const commits = received.map(({ commit }) => commit);
  const { projected, parked, failed } = await projector.project(updatesByStream(commits));
  const failedStreams = new Set(failed);
  const lowest = received.findIndex(({ commit }) => failedStreams.has(commit.stream));
  await noteProgress(lowest === -1 ? received : received.slice(0, lowest), dependencies);
  const failure = received[lowest];
  return {
    response: {
      batchItemFailures: failure ? [{ itemIdentifier: failure.record.kinesis.sequenceNumber }] : [],
    },
    commits,
    projected,
    parked: parked.length + malformed,
    failed: failed.length,
  };
}

function decode({ kinesis }: KinesisStreamRecord, dependencies: ProjectBatchDependencies) {
  const { consumer } = dependencies;
  const text = Buffer.from(kinesis.data, 'base64').toString('utf8');
  const record = { consumer, subject: `record ${kinesis.sequenceNumber}`, text: () => text };
  return decodeOrPark(dependencies, record, () => dependencies.decode(text));
}

/** Notes the last projected record of each shard. A failure only causes a warning. */
async function noteProgress(
  done: readonly Received[],
  { consumer, progress, observer }: ProjectBatchDependencies,
): Promise<void> {
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
