import {
  type AttributeValue,
  BatchWriteItemCommand,
  type DynamoDBClient,
  paginateScan,
} from '@aws-sdk/client-dynamodb';
import { forEachConcurrently } from '../../lambdas/kernel/index.ts';
import { tables } from '../../test/support/test-dynamodb.ts';

type Item = Record<string, AttributeValue>;

/** As many as the writer of a rebuild has under way. */
const concurrentCalls = 16;
const callMaxItems = 25;

/** Scans the whole log, strongly consistent, and does nothing with it. */
export async function bareScan(client: DynamoDBClient): Promise<void> {
  const pages = paginateScan({ client }, { TableName: tables.eventLog.name, ConsistentRead: true });
  for await (const { Items } of pages) if (Items === undefined) throw new Error('A page has no items.');
}

/** A function that writes copies of this many items of the read model, each time under other keys. */
export async function bareWrites(client: DynamoDBClient, count: number): Promise<() => Promise<void>> {
  const { name, partitionKey } = tables.readModel;
  const templates: Item[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName: name })) {
    templates.push(...Items);
    if (templates.length >= count) break;
  }
  let runs = 0;
  return async () => {
    runs += 1;
    const items = Array.from({ length: count }, (_, index) => {
      const template = templates[index % templates.length] ?? {};
      const round = Math.floor(index / templates.length);
      return { ...template, [partitionKey]: { S: `bare-${runs}-${round}#${template[partitionKey]?.S}` } };
    });
    const calls = Array.from({ length: Math.ceil(count / callMaxItems) }, (_, call) =>
      items.slice(call * callMaxItems, (call + 1) * callMaxItems),
    );
    await forEachConcurrently(calls, concurrentCalls, (chunk) => writeBatch(client, name, chunk));
  };
}

async function writeBatch(client: DynamoDBClient, table: string, items: readonly Item[]): Promise<void> {
  const requests = items.map((Item) => ({ PutRequest: { Item } }));
  const { UnprocessedItems = {} } = await client.send(
    new BatchWriteItemCommand({ RequestItems: { [table]: requests } }),
  );
  if (Object.keys(UnprocessedItems).length > 0) throw new Error('The engine throttled a measured batch.');
}
