import { InvocationRefused } from '../lambda/errors.ts';
import type { LocalFunction } from '../lambda/function.ts';
import type { InvocationResult } from '../lambda/instance.ts';

/** How a batch fared: all done, failed as a whole, failed at some items, or never started. */
export type BatchOutcome =
  | { kind: 'done' }
  | { kind: 'failed'; result: InvocationResult }
  | { kind: 'partial'; result: InvocationResult; failedItems: ReadonlySet<string> }
  | { kind: 'throttled' };

export interface BatchOptions {
  target: LocalFunction;
  reportsBatchItemFailures: boolean;
}

/** Invokes the function with one batch. `itemIds` are what it may name as failed. */
export async function invokeWithBatch(
  { target, reportsBatchItemFailures }: BatchOptions,
  event: object,
  itemIds: ReadonlySet<string>,
): Promise<BatchOutcome> {
  try {
    const result = await target.invoke(JSON.stringify(event));
    if (result.functionError !== undefined) return { kind: 'failed', result };
    return reportsBatchItemFailures ? readFailures(result, itemIds) : { kind: 'done' };
  } catch (error) {
    if (error instanceof InvocationRefused && error.statusCode === 429) return { kind: 'throttled' };
    throw error;
  }
}

/** As documented: no answer and no failures are success; an id that is empty or unknown fails the whole batch. */
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
