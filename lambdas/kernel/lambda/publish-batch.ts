import type { DynamoDBBatchResponse, DynamoDBRecord } from 'aws-lambda';
import type { Commit } from '../commit.ts';
import type { CommitKeys } from '../dynamodb/index.ts';
import type { Parking } from '../parking.ts';
import type { ProgressBoard } from '../progress.ts';
import type { CommitPublisher, EventStreamPublisher, StreamPosition } from '../publishing.ts';
import { decodeOrPark } from './decode-or-park.ts';
import { commitOf, notificationOf, rawRecordOf } from './log-record.ts';

/** The consumer name under which the publisher parks. */
export const publisherName = 'publisher';

/** The name under which the publisher notes its progress with one category. */
export function publishedProgress(category: string): string {
  return `${publisherName}/${category}`;
}

/** A queue besides the event stream. It gets the commits with at least one event of its types. */
export interface QueueRoute {
  readonly publisher: CommitPublisher;
  readonly eventTypes: ReadonlySet<string>;
}

/** What publishing a batch needs. */
export interface PublishBatchDependencies extends Parking {
  readonly publisher: EventStreamPublisher;
  readonly queues: readonly QueueRoute[];
  /** The key names of the log's table. */
  readonly keys: CommitKeys;
  /** Throws for a commit whose published form no consumer would accept. */
  readonly requirePublishable: (commit: Commit) => void;
  readonly progress: ProgressBoard;
}

/** The outcome of a batch. */
export interface PublishedBatch {
  readonly response: DynamoDBBatchResponse;
  readonly published: readonly Commit[];
  /** Number of commits that at least one destination refused. */
  readonly failed: number;
  /** Number of records that were parked. */
  readonly parked: number;
}

/**
 * Publishes the commits in a batch of the log's stream. A commit that cannot be read is published without its events:
 * the projectors then read it from the log, fail, and park its stream. A record that is not a commit is parked here.
 * If a destination refuses a commit, Lambda delivers the batch again from that commit on. All destinations then get those
 * commits again, and consumers skip duplicates.
 */
export async function publishBatch(
  records: readonly DynamoDBRecord[],
  dependencies: PublishBatchDependencies,
): Promise<PublishedBatch> {
  const { progress, observer } = dependencies;
  const inserts = records.filter(({ eventName }) => eventName === 'INSERT');
  const sequenceNumbers = new Map<Commit, string>();
  for (const record of inserts) {
    const commit = await decode(record, dependencies);
    if (commit) sequenceNumbers.set(commit, record.dynamodb?.SequenceNumber ?? '');
  }
  const commits = [...sequenceNumbers.keys()];
  const { failed, error, positions } = await observer.step('publish', () =>
    publishEverywhere(commits, dependencies),
  );
  if (failed.size > 0)
    observer.warn('Some commits could not be published. They will be delivered again.', {
      failed: failed.size,
      error,
    });
  await noteProgress(positions, { progress, observer });
  // The commits are in the order of the batch, so the first is the lowest.
  const lowest = commits.find((commit) => failed.has(commit));
  return {
    response: { batchItemFailures: lowest ? [{ itemIdentifier: sequenceNumbers.get(lowest) ?? '' }] : [] },
    published: commits.filter((commit) => !failed.has(commit)),
    failed: failed.size,
    parked: inserts.length - commits.length,
  };
}

/** The commit of a record, or a notification of it; undefined if the record was parked. */
function decode(record: DynamoDBRecord, dependencies: PublishBatchDependencies): Promise<Commit | undefined> {
  const { keys, requirePublishable, observer } = dependencies;
  const raw = { consumer: publisherName, ...rawRecordOf(record, keys) };
  return decodeOrPark(dependencies, raw, () => {
    try {
      const commit = commitOf(record, keys);
      requirePublishable(commit);
      return commit;
    } catch (error) {
      const notification = notificationOf(record, keys);
      if (notification === undefined) throw error;
      const { stream } = notification;
      observer.warn('A commit cannot be read. It is published without its events.', { stream, error });
      return notification;
    }
  });
}

/** Sends each commit to the event stream and to its queues, all at the same time. */
async function publishEverywhere(
  commits: readonly Commit[],
  { publisher, queues }: PublishBatchDependencies,
): Promise<{
  readonly failed: ReadonlySet<Commit>;
  readonly error: unknown;
  readonly positions: readonly StreamPosition[];
}> {
  const [stream, ...sent] = await Promise.all([
    publisher.publish(commits),
    ...queues.map((queue) => queue.publisher.publish(commitsFor(queue, commits))),
  ]);
  const results = [stream, ...sent];
  return {
    failed: new Set(results.flatMap(({ failed }) => failed)),
    error: results.find(({ failed }) => failed.length > 0)?.error,
    positions: stream.positions,
  };
}

function commitsFor({ eventTypes }: QueueRoute, commits: readonly Commit[]): readonly Commit[] {
  return commits.filter(({ events }) => events.some(({ type }) => eventTypes.has(type)));
}

/** Notes the last published commits of each category. A failure only causes a warning. */
async function noteProgress(
  positions: readonly StreamPosition[],
  { progress, observer }: Pick<PublishBatchDependencies, 'progress' | 'observer'>,
): Promise<void> {
  const byCategory = Map.groupBy(positions, ({ category }) => category);
  const notes = [...byCategory].map(async ([category, reached]) => {
    try {
      await progress.note(publishedProgress(category), reached);
    } catch (error) {
      observer.warn('The progress of the publisher could not be noted.', { category, error });
    }
  });
  await Promise.all(notes);
}
