import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  type DynamoDBClient,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { chunks } from '../chunks.ts';
import type { Effects } from '../effects.ts';
import type { RetryPolicy } from '../retry.ts';
import { sendWithRetry } from '../send-with-retry.ts';

/** An item, or the key of an item. */
export type Item = Record<string, AttributeValue>;

/** The limits of one call. */
const getMaxKeys = 100;
export const writeMaxItems = 25;

/** DynamoDB may leave part of a batch unprocessed. The client itself retries calls that fail. */
const retry: RetryPolicy = { maxAttempts: 8, firstWaitMs: 50, longestWaitMs: 3_200 };

/** The table of a batch, and what calling it needs. */
export interface BatchTarget {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly effects: Pick<Effects, 'delay' | 'random'>;
}

/** Gets any number of items by their keys, in any order. Throws if some stay unprocessed. */
export async function batchGet(
  target: BatchTarget,
  keys: readonly Item[],
  consistentRead: boolean,
): Promise<Item[]> {
  const { client, tableName } = target;
  const found = chunks(keys, { maxParts: getMaxKeys }).map(async (chunk) => {
    const items: Item[] = [];
    await processAll(target, chunk, async (rest) => {
      const request = { [tableName]: { Keys: [...rest], ConsistentRead: consistentRead } };
      const { Responses, UnprocessedKeys } = await client.send(
        new BatchGetItemCommand({ RequestItems: request }),
      );
      items.push(...(Responses?.[tableName] ?? []));
      return UnprocessedKeys?.[tableName]?.Keys ?? [];
    });
    return items;
  });
  return (await Promise.all(found)).flat();
}

/** Puts any number of items, and replaces those that exist. Throws if some stay unprocessed. */
export async function batchPut(target: BatchTarget, items: readonly Item[]): Promise<void> {
  await batchWrite(
    target,
    items.map((Item) => ({ PutRequest: { Item } })),
  );
}

/** Deletes any number of items by their keys. Throws if some stay unprocessed. */
export async function batchDelete(target: BatchTarget, keys: readonly Item[]): Promise<void> {
  await batchWrite(
    target,
    keys.map((Key) => ({ DeleteRequest: { Key } })),
  );
}

async function batchWrite(target: BatchTarget, requests: readonly WriteRequest[]): Promise<void> {
  const { client, tableName } = target;
  for (const chunk of chunks(requests, { maxParts: writeMaxItems })) {
    await processAll(target, chunk, async (rest) => {
      const { UnprocessedItems } = await client.send(
        new BatchWriteItemCommand({ RequestItems: { [tableName]: [...rest] } }),
      );
      return UnprocessedItems?.[tableName] ?? [];
    });
  }
}

/** Sends parts of a batch until all are processed. `send` returns the unprocessed ones. Throws if some remain. */
async function processAll<Part>(
  { effects }: BatchTarget,
  parts: readonly Part[],
  send: (parts: readonly Part[]) => Promise<readonly Part[]>,
): Promise<void> {
  const sendRest = async (rest: readonly Part[]) => ({ refused: await send(rest) });
  const { refused } = await sendWithRetry(parts, sendRest, retry, effects);
  if (refused.length === 0) return;
  const message = `DynamoDB left ${refused.length} of ${parts.length} items of a batch unprocessed in ${retry.maxAttempts} attempts.`;
  // DynamoDB gives no reason. It does this when it throttles.
  throw Object.assign(new Error(message), { code: 'ThrottlingException' });
}
