import type { KinesisStreamBatchResponse, KinesisStreamRecord } from 'aws-lambda';
import { categoryOfStream } from '../commit.ts';
import type { Parking } from '../parking.ts';
import type { DecodeCommit, ReceivedCommit } from '../publishing.ts';
import { updatesByStream } from '../stream-updates.ts';
import { type Arrived, BatchNotes, type BatchProgressDependencies, numberOf } from './batch-progress.ts';
import { decodeOrTryPark } from './decode-or-park.ts';
import { type BatchProjector, projectable, projectIsolated } from './project-isolated.ts';

/** What projecting a batch needs. */
export interface ProjectBatchDependencies extends Parking, BatchProgressDependencies {
  /** Commits of other categories are ignored. */
  readonly category: string;
  readonly decode: DecodeCommit;
  readonly projector: BatchProjector;
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

/**
 * Projects the commits in a batch of the event stream. A malformed record and a stream that causes an unforeseen error are
 * parked, and the others are projected. If a stream or record can neither be handled nor parked, because of an outage,
 * Lambda delivers the batch again from its first such record on. So it does if the progress cannot be noted because of an outage.
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
  const notes = new BatchNotes(own, dependencies);
  await notes.begin();
  const result = await projectIsolated(projector, updatesByStream(commits), dependencies);
  const failedStreams = new Set<string>(result.failed);
  const isFailed = ({ decoded }: Arrived) =>
    decoded === 'failed' || (typeof decoded !== 'string' && failedStreams.has(decoded.stream));
  const unnoted = await notes.end(isFailed);
  const failure = own.find((one) => one.record === unnoted || isFailed(one))?.record;
  return {
    response: { batchItemFailures: failure ? [{ itemIdentifier: numberOf(failure) }] : [] },
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
