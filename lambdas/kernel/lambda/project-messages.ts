import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { categoryOfStream } from '../commit.ts';
import type { DomainEvent } from '../decider.ts';
import type { Parking } from '../parking.ts';
import type { Projector } from '../projector.ts';
import type { DecodeCommit, ReceivedCommit } from '../publishing.ts';
import { updatesByStream } from '../stream-updates.ts';
import { decodeOrPark } from './decode-or-park.ts';

/** What projecting a batch needs. */
export interface ProjectMessagesDependencies extends Parking {
  /** Malformed messages are parked under this name. */
  readonly consumer: string;
  readonly decode: DecodeCommit;
  /** The projector of each category. Commits of other categories are ignored. */
  readonly projectors: ReadonlyMap<string, Pick<Projector<DomainEvent, unknown, unknown>, 'project'>>;
}

/** The outcome of a batch. */
export interface ProjectedMessages {
  readonly response: SQSBatchResponse;
  readonly commits: readonly ReceivedCommit[];
  /** Number of streams whose rows reflect the batch. */
  readonly projected: number;
  /** Number of streams and messages that were parked. */
  readonly parked: number;
  /** Number of messages that will be delivered again. */
  readonly failed: number;
}

interface Received {
  readonly messageId: string;
  readonly commit: ReceivedCommit;
}

/**
 * Projects the commits in a batch of a queue. They may be in any order and may be delivered again. A malformed message is
 * parked, and the others are projected. The queue redelivers only messages that were neither projected nor parked.
 */
export async function projectMessages(
  records: readonly SQSRecord[],
  dependencies: ProjectMessagesDependencies,
): Promise<ProjectedMessages> {
  const received: Received[] = [];
  const failedIds: string[] = [];
  let parkedCount = 0;
  for (const record of records) {
    const commit = await decode(record, dependencies);
    if (commit === 'failed') failedIds.push(record.messageId);
    else if (commit === undefined) parkedCount += 1;
    else received.push({ messageId: record.messageId, commit });
  }
  let projectedCount = 0;
  const byCategory = Map.groupBy(received, ({ commit }) => categoryOfStream(commit.stream));
  for (const [category, own] of byCategory) {
    const updates = updatesByStream(own.map(({ commit }) => commit));
    const result = await dependencies.projectors.get(category)?.project(updates);
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

/** Undefined for a message that was parked; `failed` for one that could not be parked. */
async function decode(
  { messageId, body }: SQSRecord,
  dependencies: ProjectMessagesDependencies,
): Promise<ReceivedCommit | 'failed' | undefined> {
  const { consumer, observer } = dependencies;
  const record = { consumer, subject: `message ${messageId}`, text: () => body };
  try {
    return await decodeOrPark(dependencies, record, () => dependencies.decode(body));
  } catch (error) {
    observer.warn('A message could not be parked. It will be delivered again.', { messageId, error });
    return 'failed';
  }
}
