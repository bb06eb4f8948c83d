import { setTimeout as delay } from 'node:timers/promises';
import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  type DynamoDBClient,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';

export type Item = Record<string, AttributeValue>;

/** What one call of each API takes. */
const getMaxKeys = 100;
const writeMaxItems = 25;
/** DynamoDB may leave part of a batch undone: that part is sent again so often, waiting twice as long each time. */
const maxTries = 8;
const firstWaitMs = 25;

/** Gets any number of items by their keys, in no particular order. Throws when DynamoDB keeps leaving some undone. */
export async function batchGet(
  client: DynamoDBClient,
  tableName: string,
  keys: readonly Item[],
  consistentRead: boolean,
): Promise<Item[]> {
  const chunks = chunked(keys, getMaxKeys).map(async (chunk) => {
    const items: Item[] = [];
    await untilDone(chunk, async (rest) => {
      const request = { [tableName]: { Keys: rest, ConsistentRead: consistentRead } };
      const { Responses, UnprocessedKeys } = await client.send(
        new BatchGetItemCommand({ RequestItems: request }),
      );
      items.push(...(Responses?.[tableName] ?? []));
      return UnprocessedKeys?.[tableName]?.Keys ?? [];
    });
    return items;
  });
  return (await Promise.all(chunks)).flat();
}

/** Puts any number of items, whatever was there. Throws when DynamoDB keeps leaving some undone. */
export async function batchPut(
  client: DynamoDBClient,
  tableName: string,
  items: readonly Item[],
): Promise<void> {
  const requests = items.map((Item): WriteRequest => ({ PutRequest: { Item } }));
  for (const chunk of chunked(requests, writeMaxItems)) {
    await untilDone(chunk, async (rest) => {
      const { UnprocessedItems } = await client.send(
        new BatchWriteItemCommand({ RequestItems: { [tableName]: rest } }),
      );
      return UnprocessedItems?.[tableName] ?? [];
    });
  }
}

async function untilDone<Part>(all: Part[], send: (parts: Part[]) => Promise<Part[]>): Promise<void> {
  let rest = all;
  for (let tries = 1; tries <= maxTries; tries += 1) {
    rest = await send(rest);
    if (rest.length === 0) return;
    await delay(Math.random() * firstWaitMs * 2 ** tries);
  }
  throw new Error(`DynamoDB left ${rest.length} of ${all.length} items of a batch undone ${maxTries} times.`);
}

function chunked<Part>(all: readonly Part[], size: number): Part[][] {
  const chunks: Part[][] = [];
  for (let start = 0; start < all.length; start += size) chunks.push(all.slice(start, start + size));
  return chunks;
}
