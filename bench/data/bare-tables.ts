import {
  type AttributeValue,
  BatchWriteItemCommand,
  type DynamoDBClient,
  paginateScan,
} from '@aws-sdk/client-dynamodb';
import { chunks, forEachConcurrently } from '../../lambdas/kernel/index.ts';
import { tables } from '../../test/support/test-dynamodb.ts';

type Item = Record<string, AttributeValue>;

/** As many as the writer of a rebuild has under way. */
const concurrentCalls = 8;
const callMaxItems = 25;

/** Scans the whole log, strongly consistent, and does nothing with it. */
export async function bareScan(client: DynamoDBClient): Promise<void> {
  const pages = paginateScan({ client }, { TableName: tables.eventLog.name, ConsistentRead: true });
  for await (const { Items } of pages) if (Items === undefined) throw new Error('A page has no items.');
}

/**
 * A function that writes copies of this many items of the read model, each time under other keys. The first call looks for the items,
 * so there must be some by then.
 */
export function bareWrites(client: DynamoDBClient, count: number): () => Promise<void> {
  const { name, partitionKey } = tables.readModel;
  let templates: readonly Item[] | undefined;
  let runs = 0;
  return async () => {
    templates ??= await someItems(client, name, count);
    runs += 1;
    const items = copies(templates, count, (template, round) => ({
      ...template,
      [partitionKey]: { S: `bare-${runs}-${round}#${template[partitionKey]?.S}` },
    }));
    await forEachConcurrently(chunks(items, { maxParts: callMaxItems }), concurrentCalls, (chunk) =>
      writeBatch(client, name, chunk),
    );
  };
}

async function someItems(client: DynamoDBClient, table: string, count: number): Promise<readonly Item[]> {
  const found: Item[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName: table })) {
    found.push(...Items);
    if (found.length >= count) break;
  }
  return found;
}

function copies(
  templates: readonly Item[],
  count: number,
  copy: (template: Item, round: number) => Item,
): Item[] {
  return Array.from({ length: count }, (_, index) =>
    copy(templates[index % templates.length] ?? {}, Math.floor(index / templates.length)),
  );
}

async function writeBatch(client: DynamoDBClient, table: string, items: readonly Item[]): Promise<void> {
  const requests = items.map((Item) => ({ PutRequest: { Item } }));
  const { UnprocessedItems = {} } = await client.send(
    new BatchWriteItemCommand({ RequestItems: { [table]: requests } }),
  );
  if (Object.keys(UnprocessedItems).length > 0) throw new Error('The engine throttled a measured batch.');
}
