import type { DynamoDBBatchResponse, DynamoDBRecord } from 'aws-lambda';
import { eventLogTable } from '../../../schema/tables.ts';
import type { KinesisPublisher, Position } from '../../messaging/kinesis-publisher.ts';
import { isPlaceOfCommit, requirePublishable } from '../../messaging/published-commit.ts';
import type { SendResult, SqsPublisher } from '../../messaging/sqs-publisher.ts';
import type { Commit, StreamName } from '../commit.ts';
import { type CommitItem, fromItem } from '../dynamodb/commit-item.ts';
import type { Observer } from '../observer.ts';
import { type ParkingLot, parkedRecordMaxChars } from '../parking.ts';
import type { ProgressBoard } from '../progress.ts';

/** Names what the publisher parks. */
export const publisherName = 'publisher';

/** A key of the parking lot takes 1,024 bytes. */
const subjectMaxChars = 250;

/** Names how far the publisher has come with one category: a projector is measured against what concerns it. */
export function publishedProgress(category: string): string {
  return `${publisherName}/${category}`;
}

/** A queue beside the event stream, and which commits concern it. */
export interface QueueRoute {
  readonly publisher: Pick<SqsPublisher, 'publish'>;
  readonly eventTypes: ReadonlySet<string>;
}

export interface PublishBatchDependencies {
  readonly publisher: Pick<KinesisPublisher, 'publish'>;
  /** Gets the commits with at least one event of its types. */
  readonly queues: readonly QueueRoute[];
  readonly parkingLot: ParkingLot;
  readonly progress: ProgressBoard;
  readonly observer: Observer;
}

export interface PublishedBatch {
  readonly response: DynamoDBBatchResponse;
  readonly published: readonly Commit[];
  readonly failed: number;
  readonly parked: number;
}

/**
 * Publishes the commits that a batch of the log's stream brings. One that cannot be read is announced all the same:
 * its projectors find that out in the log and park its stream. A record that is no commit is parked here. Commits that
 * one of their destinations did not take come again, from the lowest on (Lambda replays a stream's batch from the number
 * reported), and then go to all of them: consumers know duplicates.
 */
export async function publishBatch(
  records: readonly DynamoDBRecord[],
  dependencies: PublishBatchDependencies,
): Promise<PublishedBatch> {
  const { parkingLot, progress, observer } = dependencies;
  const sequenceNumbers = new Map<Commit, string>();
  let parked = 0;
  for (const record of records) {
    if (record.eventName !== 'INSERT') continue;
    const sequenceNumber = record.dynamodb?.SequenceNumber ?? '';
    try {
      sequenceNumbers.set(commitOf(record), sequenceNumber);
    } catch (error) {
      const notification = notificationOf(record);
      if (notification) {
        sequenceNumbers.set(notification, sequenceNumber);
        observer.warn('A commit cannot be read; its projectors are sent to the log.', {
          stream: notification.stream,
          error,
        });
      } else {
        await park(parkingLot, observer, record, sequenceNumber, error);
        parked += 1;
      }
    }
  }
  const commits = [...sequenceNumbers.keys()];
  const { failed, error, positions } = await observer.step('publish', () =>
    publishEverywhere(commits, dependencies),
  );
  if (failed.size > 0)
    observer.warn('Some commits could not be published and will be delivered again.', {
      failed: failed.size,
      error,
    });
  await noteProgress(positions, progress, observer);
  // In the order of the batch, so that the first is the lowest.
  const lowest = commits.find((commit) => failed.has(commit));
  return {
    response: { batchItemFailures: lowest ? [{ itemIdentifier: sequenceNumbers.get(lowest) ?? '' }] : [] },
    published: commits.filter((commit) => !failed.has(commit)),
    failed: failed.size,
    parked,
  };
}

/** Sends each commit to the event stream and to the queues it concerns, all at the same time. */
async function publishEverywhere(
  commits: readonly Commit[],
  { publisher, queues }: PublishBatchDependencies,
): Promise<{ failed: ReadonlySet<Commit>; error: unknown; positions: readonly Position[] }> {
  const [stream, ...sent] = await Promise.all([
    publisher.publish(commits),
    ...queues.map((queue): Promise<SendResult> => queue.publisher.publish(concerning(queue, commits))),
  ]);
  const failed = new Set([stream, ...sent].flatMap((result) => result.failed));
  const error = [stream, ...sent].find((result) => result.failed.length > 0)?.error;
  return { failed, error, positions: stream.positions };
}

function concerning({ eventTypes }: QueueRoute, commits: readonly Commit[]): readonly Commit[] {
  return commits.filter(({ events }) => events.some(({ type }) => eventTypes.has(type)));
}

async function noteProgress(
  positions: readonly Position[],
  progress: ProgressBoard,
  observer: Observer,
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

function commitOf(record: DynamoDBRecord): Commit {
  const image = record.dynamodb?.NewImage;
  if (!image) throw new Error('The stream record has no new image.');
  // Strings and numbers, all that a commit is made of, look alike in both.
  const commit = fromItem(image as CommitItem);
  requirePublishable(commit);
  return commit;
}

/** The place of a commit that cannot be read, as a commit without events; undefined where it has no place either. */
function notificationOf({ dynamodb }: DynamoDBRecord): Commit | undefined {
  const stream = dynamodb?.Keys?.[eventLogTable.partitionKey]?.S;
  const version = Number(dynamodb?.Keys?.[eventLogTable.sortKey]?.N);
  if (!isPlaceOfCommit(stream, version)) return undefined;
  return {
    stream: stream as StreamName,
    version,
    events: [],
    commandId: '',
    commandHash: '',
    committedAt: new Date((dynamodb?.ApproximateCreationDateTime ?? 0) * 1_000).toISOString(),
    correlationId: '',
    answer: '',
  };
}

async function park(
  parkingLot: ParkingLot,
  observer: Observer,
  record: DynamoDBRecord,
  sequenceNumber: string,
  error: unknown,
): Promise<void> {
  const reason = error instanceof Error ? error.message : String(error);
  const subject = record.dynamodb?.Keys?.[eventLogTable.partitionKey]?.S ?? sequenceNumber;
  observer.warn('A record of the log is no commit and is parked.', { subject, sequenceNumber, reason });
  await parkingLot.park({
    consumer: publisherName,
    subject: `${subject}@${record.dynamodb?.Keys?.[eventLogTable.sortKey]?.N ?? sequenceNumber}`.slice(
      0,
      subjectMaxChars,
    ),
    reason,
    record: JSON.stringify(record.dynamodb ?? {}).slice(0, parkedRecordMaxChars),
  });
  observer.count('Parked');
}
