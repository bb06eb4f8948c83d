import {
  type AttributeValue,
  type DynamoDBClient,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';

type Item = Record<string, AttributeValue>;

/** Limits of one call: 100 items, and 4 MB, of which items of at most 30 KB are sure to stay below. */
const callMaxItems = 100;
const concurrentCalls = 2;

/** What was written. */
export interface Written {
  readonly items: number;
  readonly bytes: number;
}

/** Writes items that do not exist yet. In transactions, because dynoxide is then ten times as fast as with batches. */
export async function writeItems(
  client: DynamoDBClient,
  tableName: string,
  items: Iterable<Item>,
): Promise<Written> {
  const written = { items: 0, bytes: 0 };
  const source = items[Symbol.iterator]();
  const worker = async () => {
    for (let chunk = take(source); chunk.length > 0; chunk = take(source)) {
      const puts = chunk.map((Item) => ({ Put: { TableName: tableName, Item } }));
      await client.send(new TransactWriteItemsCommand({ TransactItems: puts }));
      written.items += chunk.length;
      for (const item of chunk) written.bytes += itemBytes(item);
    }
  };
  await Promise.all(Array.from({ length: concurrentCalls }, worker));
  return written;
}

function take(source: Iterator<Item>): Item[] {
  const chunk: Item[] = [];
  while (chunk.length < callMaxItems) {
    const { value, done } = source.next();
    if (done) break;
    chunk.push(value);
  }
  return chunk;
}

/**
 * The size of an item as DynamoDB counts it: names and texts in UTF-8, bytes, about half a byte for each digit of a number and one
 * more, 3 bytes for each map and one for each of its entries.
 */
export function itemBytes(item: Item): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(item)) bytes += Buffer.byteLength(name) + valueBytes(value);
  return bytes;
}

function valueBytes({ S, N, B, M }: AttributeValue): number {
  if (S !== undefined) return Buffer.byteLength(S);
  if (N !== undefined) return Math.ceil(N.length / 2) + 1;
  if (B !== undefined) return B.byteLength;
  return M === undefined ? 1 : 3 + itemBytes(M) + Object.keys(M).length;
}
