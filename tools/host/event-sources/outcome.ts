import { AwsError } from '../aws-error.ts';
import type { InvocationResult, LocalFunction } from '../lambda/function.ts';

/** The result of a batch: done, failed as a whole, failed at some items, or not started. */
export type BatchOutcome =
  | { kind: 'done' }
  | { kind: 'failed'; result: InvocationResult }
  | { kind: 'partial'; result: InvocationResult; failedItems: ReadonlySet<string> }
  | { kind: 'throttled' };

/**
 * Invokes the function with one batch. It may report the items of `itemIds` as failed. A failure of the function has been
 * reported to the user.
 * @param origin the batch in a person's words
 */
export async function invokeWithBatch(
  target: LocalFunction,
  event: object,
  itemIds: ReadonlySet<string>,
  origin: string,
): Promise<BatchOutcome> {
  try {
    const result = await target.invoke(JSON.stringify(event), { origin });
    if (result.functionError !== undefined) return { kind: 'failed', result };
    const outcome = readFailures(result, itemIds);
    if (outcome.kind === 'failed') target.report({ origin, requestId: result.requestId }, unknownItems);
    return outcome;
  } catch (error) {
    if (error instanceof AwsError && error.statusCode === 429) return { kind: 'throttled' };
    throw error;
  }
}

const unknownItems = {
  name: 'Error',
  message: 'batchItemFailures is not a list of items of the batch, so the whole batch has failed.',
  stack: '',
};

/** As AWS documents it: no answer and an empty list mean success; an empty or unknown id fails the whole batch. */
function readFailures(result: InvocationResult, itemIds: ReadonlySet<string>): BatchOutcome {
  const { batchItemFailures } = (JSON.parse(result.payload) ?? {}) as { batchItemFailures?: unknown };
  if (batchItemFailures === undefined || batchItemFailures === null) return { kind: 'done' };
  if (!Array.isArray(batchItemFailures)) return { kind: 'failed', result };
  const failed = batchItemFailures.map((item) => (item as { itemIdentifier?: unknown })?.itemIdentifier);
  if (failed.length === 0) return { kind: 'done' };
  const isKnown = (id: unknown): id is string => typeof id === 'string' && itemIds.has(id);
  return failed.every(isKnown)
    ? { kind: 'partial', result, failedItems: new Set(failed) }
    : { kind: 'failed', result };
}
