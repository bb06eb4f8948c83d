import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { decodeCommit, type ReceivedCommit } from '../../messaging/published-commit.ts';
import { categoryOfStream } from '../commit.ts';
import type { DomainEvent } from '../decider.ts';
import type { Observer } from '../observer.ts';
import { type ParkingLot, parkedRecordMaxChars } from '../parking.ts';
import type { Projector } from '../projector.ts';
import { updatesByStream } from '../stream-updates.ts';

export interface ProjectMessagesDependencies {
  /** Under this name malformed messages are parked. */
  readonly consumer: string;
  /** By the category of the streams that they project; commits of other categories are for nobody here. */
  readonly projectors: ReadonlyMap<string, Pick<Projector<DomainEvent, unknown, unknown>, 'project'>>;
  readonly parkingLot: ParkingLot;
  readonly observer: Observer;
}

export interface ProjectedMessages {
  readonly response: SQSBatchResponse;
  readonly commits: readonly ReceivedCommit[];
  /** Streams whose rows are up to date with the batch. */
  readonly projected: number;
  /** Streams and malformed messages set aside. */
  readonly parked: number;
  /** Messages that will be delivered again. */
  readonly failed: number;
}

interface Received {
  readonly messageId: string;
  readonly commit: ReceivedCommit;
}

/**
 * Projects the commits that a batch of a queue brings, in whatever order and however often. A malformed message is
 * parked and the rest goes on; just the messages that could be neither projected nor parked come again.
 */
export async function projectMessages(
  records: readonly SQSRecord[],
  dependencies: ProjectMessagesDependencies,
): Promise<ProjectedMessages> {
  const received: Received[] = [];
  const failedIds: string[] = [];
  let parkedCount = 0;
  for (const record of records) {
    const outcome = await decodeOrPark(record, dependencies);
    if (outcome === 'failed') failedIds.push(record.messageId);
    else if (outcome === 'parked') parkedCount += 1;
    else received.push({ messageId: record.messageId, commit: outcome });
  }
  let projectedCount = 0;
  const byCategory = Map.groupBy(received, ({ commit }) => categoryOfStream(commit.stream));
  for (const [category, own] of byCategory) {
    const result = await dependencies.projectors.get(category)?.project(newsOf(own));
    if (result === undefined) continue;
    projectedCount += result.projected;
    parkedCount += result.parked.length;
    const failedStreams = new Set(result.failed);
    const failed = own.filter(({ commit }) => failedStreams.has(commit.stream));
    failedIds.push(...failed.map(({ messageId }) => messageId));
  }
  return {
    response: { batchItemFailures: failedIds.map((itemIdentifier) => ({ itemIdentifier })) },
    commits: received.map(({ commit }) => commit),
    projected: projectedCount,
    parked: parkedCount,
    failed: failedIds.length,
  };
}

function newsOf(received: readonly Received[]) {
  return updatesByStream(received.map(({ commit }) => commit));
}

async function decodeOrPark(
  { messageId, body }: SQSRecord,
  { consumer, parkingLot, observer }: ProjectMessagesDependencies,
): Promise<ReceivedCommit | 'parked' | 'failed'> {
  try {
    return decodeCommit(body);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const record = body.slice(0, parkedRecordMaxChars);
    observer.warn('A message of the queue is malformed and is parked.', { messageId, reason });
    try {
      await parkingLot.park({ consumer, subject: `message ${messageId}`, reason, record });
      observer.count('Parked');
      return 'parked';
    } catch (parkError) {
      observer.warn('A message could not be parked either and will come again.', {
        messageId,
        error: parkError,
      });
      return 'failed';
    }
  }
}
