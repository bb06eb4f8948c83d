import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { isEventSourcingError, type Observer } from '../kernel/index.ts';
import type { Sealer, SealRequest } from '../kernel/segments/index.ts';
import { traceparentOfMessage } from './message-trace.ts';
import { toSealRequest } from './seal-message.ts';

/** What sealing a batch needs. */
export interface SealBatchDependencies {
  readonly sealer: Pick<Sealer, 'seal'>;
  readonly hasTime: () => boolean;
  readonly observer: Pick<Observer, 'warn' | 'stepFor'>;
}

/** The outcome of a batch. */
export interface SealedBatch {
  readonly response: SQSBatchResponse;
  /** Number of streams. */
  readonly streams: number;
  /** Number of segments that were written. */
  readonly segments: number;
  /** Number of streams that come again. */
  readonly failed: number;
}

/**
 * Seals the streams that the messages of a batch name. Several messages about one stream are one request. A message comes again
 * if its stream could not be sealed for now, or if there was no time to finish: what was written stays. A message that names
 * no stream, and a stream whose log cannot be read, are reported and dropped: the next request of a reader or of the publisher
 * tries again.
 */
export async function sealBatch(
  records: readonly SQSRecord[],
  dependencies: SealBatchDependencies,
): Promise<SealedBatch> {
  const asked = new Map<string, { request: SealRequest; messages: SQSRecord[] }>();
  for (const message of records) {
    const request = parsed(message.body, dependencies);
    if (request === undefined) continue;
    const { stream, check = false } = request;
    const earlier = asked.get(stream);
    const messages = [...(earlier?.messages ?? []), message];
    asked.set(stream, { request: { stream, check: check || earlier?.request.check === true }, messages });
  }
  let segments = 0;
  const failed: string[][] = [];
  for (const { request, messages } of asked.values()) {
    const result = await sealOne(request, messages, dependencies);
    segments += result.segments;
    const messageIds = messages.map(({ messageId }) => messageId);
    if (!result.done) failed.push(messageIds);
  }
  const batchItemFailures = failed.flat().map((itemIdentifier) => ({ itemIdentifier }));
  return { response: { batchItemFailures }, streams: asked.size, segments, failed: failed.length };
}

function parsed(body: string, { observer }: SealBatchDependencies): SealRequest | undefined {
  try {
    return toSealRequest(JSON.parse(body));
  } catch (error) {
    observer.warn('A message of the queue of segments names no stream. It is dropped.', { error });
    return undefined;
  }
}

async function sealOne(
  request: SealRequest,
  messages: readonly SQSRecord[],
  { sealer, hasTime, observer }: SealBatchDependencies,
): Promise<{ readonly done: boolean; readonly segments: number }> {
  if (!hasTime()) return { done: false, segments: 0 };
  const details = { stream: request.stream, consumer: 'segment-sealer' };
  const causes = messages.map((message) => ({ traceparent: traceparentOfMessage(message), details }));
  try {
    return await observer.stepFor('seal', causes, () => sealer.seal(request, hasTime));
  } catch (error) {
    observer.warn('A stream could not be sealed.', { stream: request.stream, error });
    // The log does not become readable by trying again. Anything else may pass.
    return { done: isEventSourcingError(error), segments: 0 };
  }
}
