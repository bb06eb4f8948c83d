import type { DynamoDBBatchResponse, DynamoDBRecord } from 'aws-lambda';
import { type Commit, categoryOfStream } from '../commit.ts';
import type { Destination } from '../destination.ts';
import type { CommitKeys } from '../dynamodb/index.ts';
import type { StreamPosition } from '../publishing.ts';
import { decodeOrPark } from './decode-or-park.ts';
import { type Delivered, deliver, publisherName } from './deliver.ts';
import { type DrainDependencies, drainWaiting } from './drain-waiting.ts';
import { commitOf, notificationOf, rawRecordOf } from './log-record.ts';
import { notePositions } from './published-progress.ts';

/** What publishing a batch needs. */
export interface PublishBatchDependencies extends DrainDependencies {
  readonly destinations: readonly Destination[];
  /** The key names of the log's table. */
  readonly keys: CommitKeys;
}

/** The outcome of a batch. */
export interface PublishedBatch {
  readonly response: DynamoDBBatchResponse;
  /** The commits that no destination deferred. */
  readonly published: readonly Commit[];
  /** Number of commits that will be delivered again. */
  readonly failed: number;
  /** Number of commits that wait for at least one destination. */
  readonly deferred: number;
  /** Number of records and commits that were parked; a commit counts once for each destination. */
  readonly parked: number;
}

/**
 * Publishes the commits in a batch of the log's stream. A commit that cannot be read is published without its events, to all
 * destinations: the projectors then read it from the log, fail, and park its stream. A record that is not a commit is parked
 * here.
 *
 * Each destination succeeds or fails by itself: what it does not accept is parked or waits for it, see {@link deliver}. Only
 * if that fails too, Lambda delivers the batch again from the first of these commits on. All destinations then get those
 * commits again, and consumers skip duplicates. A destination that works again gets some of the commits that wait for it.
 */
export async function publishBatch(
  records: readonly DynamoDBRecord[],
  dependencies: PublishBatchDependencies,
): Promise<PublishedBatch> {
  const { destinations } = dependencies;
  const inserts = records.filter(({ eventName }) => eventName === 'INSERT');
  const sequenceNumbers = new Map<Commit, string>();
  for (const record of inserts) {
    const commit = await decode(record, dependencies);
    if (commit) sequenceNumbers.set(commit, record.dynamodb?.SequenceNumber ?? '');
  }
  const commits = [...sequenceNumbers.keys()];
  const all = await Promise.all(
    destinations.map((destination) => deliver(destination, commits, dependencies)),
  );
  // After the deferred commits wait: until then, progress beyond them would say that they were published.
  await notePositions(all.flatMap(positionsToNote), dependencies);
  await Promise.all(
    all.map((delivered, index) => continueDraining(destinations[index], delivered, dependencies)),
  );
  const failed = new Set(all.flatMap((delivered) => delivered.failed));
  const deferred = new Set(all.flatMap((delivered) => delivered.deferred));
  // The commits are in the order of the batch, so the first is the lowest.
  const lowest = commits.find((commit) => failed.has(commit));
  return {
    response: { batchItemFailures: lowest ? [{ itemIdentifier: sequenceNumbers.get(lowest) ?? '' }] : [] },
    published: commits.filter((commit) => !failed.has(commit) && !deferred.has(commit)),
    failed: failed.size,
    deferred: deferred.size,
    parked: inserts.length - commits.length + all.reduce((sum, { parked }) => sum + parked, 0),
  };
}

/**
 * The positions without those of a category with a failed commit: they may be beyond that commit, and would say that it
 * was published. Its next delivery notes its own position.
 */
function positionsToNote({ positions, failed }: Delivered): readonly StreamPosition[] {
  const behind = new Set(failed.map(({ stream }) => categoryOfStream(stream)));
  return positions.filter(({ category }) => !behind.has(category));
}

/** Publishes one portion of what waits for a destination that works. A failure only causes a warning. */
async function continueDraining(
  destination: Destination | undefined,
  { works, deferred }: Delivered,
  dependencies: DrainDependencies,
): Promise<void> {
  if (!destination?.mayWait || !destination.isHealthy || !works || deferred.length > 0) return;
  let portions = 1;
  try {
    await drainWaiting(destination, dependencies, () => portions-- > 0);
  } catch (error) {
    const { name } = destination;
    dependencies.observer.warn('Commits that wait for a destination could not be published yet.', {
      destination: name,
      error,
    });
  }
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
