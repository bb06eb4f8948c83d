import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { categoryOfStream } from '../commit.ts';
import type { Parking } from '../parking.ts';
import type { ProjectedBatch } from '../projector.ts';
import type { DecodeCommit, ReceivedCommit } from '../publishing.ts';
import { updatesByStream } from '../stream-updates.ts';
import { decodeOrTryPark } from './decode-or-park.ts';
import { type BatchProjector, projectable, projectIsolated } from './project-isolated.ts';

/** What projecting a batch needs. */
export interface ProjectMessagesDependencies extends Parking {
  /** Malformed messages are parked under this name. */
  readonly consumer: string;
  readonly decode: DecodeCommit;
  /** The projector of each category. Commits of other categories are ignored. */
  readonly projectors: ReadonlyMap<string, BatchProjector>;
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
 * Projects the commits in a batch of a queue. They may be in any order and may be delivered again. A malformed message and a
 * stream that causes an unforeseen error are parked, and the others are projected. The queue redelivers only messages that
 * were neither projected nor parked. Throws if one of those has no id, because the queue could not tell which it is.
 */
export async function projectMessages(
  records: readonly SQSRecord[],
  dependencies: ProjectMessagesDependencies,
): Promise<ProjectedMessages> {
  const received: Received[] = [];
  const failedIds: string[] = [];
  let parkedCount = 0;
  for (const record of records) {
    const messageId = idOf(record);
    const decoded = await decode(record, messageId, dependencies);
    if (decoded === 'failed') failedIds.push(messageId);
    else if (decoded === 'parked') parkedCount += 1;
    else received.push({ messageId, commit: decoded });
  }
  let projectedCount = 0;
  const byCategory = Map.groupBy(received, ({ commit }) => categoryOfStream(commit.stream));
  for (const [category, own] of byCategory) {
    const result = await projectCategory(category, own, dependencies);
    projectedCount += result.projected;
    parkedCount += result.parked.length;
    const failedStreams = new Set<string>(result.failed);
    const failed = own.filter(({ commit }) => failedStreams.has(commit.stream));
    failedIds.push(...failed.map(({ messageId }) => messageId));
  }
  if (failedIds.includes('')) throw new Error('A message without an id could not be handled or parked.');
  return {
    response: { batchItemFailures: failedIds.map((itemIdentifier) => ({ itemIdentifier })) },
    commits: received.map(({ commit }) => commit),
    projected: projectedCount,
    parked: parkedCount,
    failed: failedIds.length,
  };
}

async function projectCategory(
  category: string,
  own: readonly Received[],
  dependencies: ProjectMessagesDependencies,
): Promise<ProjectedBatch> {
  const projector = dependencies.projectors.get(category);
  if (projector === undefined) return { projected: 0, parked: [], failed: [] };
  const updates = updatesByStream(own.map(({ commit }) => commit));
  return projectIsolated(projector, updates, dependencies);
}

/** Empty if the message has no id, which SQS never sends. */
function idOf(record: Partial<SQSRecord> | null): string {
  return record?.messageId ?? '';
}

function decode(
  record: Partial<SQSRecord> | null,
  messageId: string,
  dependencies: ProjectMessagesDependencies,
) {
  const { consumer } = dependencies;
  const subject = `message ${messageId || 'without an id'}`;
  const raw = { consumer, subject, text: () => record?.body ?? JSON.stringify(record) };
  return decodeOrTryPark(dependencies, raw, () => {
    if (messageId === '' || typeof record?.body !== 'string') {
      throw new TypeError('The message has no id or no text.');
    }
    return projectable(dependencies.decode(record.body));
  });
}
