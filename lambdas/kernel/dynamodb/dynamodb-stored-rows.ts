import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import type { FoldedLine, VersionedRow } from '../fold.ts';
import type { StoredItem, StoredRows } from '../verify/stored-rows.ts';
import { type BatchTarget, batchGet, type Item } from './dynamodb-batches.ts';
import { DynamoDBLists } from './dynamodb-lists.ts';
import type { DynamoDBReadModelOptions } from './dynamodb-read-model.ts';
import { ReadModelItems, ReadModelKeys } from './read-model-items.ts';
import type { ReadModelTable } from './tables.ts';

/**
 * What one generation of a read model on DynamoDB stores. Needs on the table: `dynamodb:Query` for items, `BatchGetItem` to find,
 * `PutItem` and `DeleteItem` to replace.
 */
export class DynamoDBStoredRows<Row, Line, List extends string = string> implements StoredRows<Row, Line> {
  readonly #client: DynamoDBClient;
  readonly #table: ReadModelTable;
  readonly #keys: ReadModelKeys;
  readonly #items: ReadModelItems<Row, Line, List>;
  readonly #batches: BatchTarget;

  constructor(client: DynamoDBClient, options: DynamoDBReadModelOptions<Row, Line, List>) {
    const { table, generation, projection, effects } = options;
    this.#client = client;
    this.#table = table;
    this.#keys = new ReadModelKeys(table, generation);
    const lists = new DynamoDBLists(client, table, generation, projection);
    this.#items = new ReadModelItems(this.#keys, lists, projection);
    this.#batches = { client, tableName: table.name, effects };
  }

  async *items(id: string, consistent: boolean): AsyncIterable<readonly StoredItem[]> {
    const { name, partitionKey } = this.#table;
    const partition = this.#keys.row(id)[partitionKey] ?? { S: '' };
    let startKey: Item | undefined;
    do {
      const page = await this.#client.send(
        new QueryCommand({
          TableName: name,
          KeyConditionExpression: '#pk = :pk',
          ExpressionAttributeNames: { '#pk': partitionKey },
          ExpressionAttributeValues: { ':pk': partition },
          ConsistentRead: consistent,
          // The sort key of the row is after those of lines and of the entry.
          ScanIndexForward: false,
          ExclusiveStartKey: startKey,
        }),
      );
      yield (page.Items ?? []).map((item) => this.#stored(item));
      startKey = page.LastEvaluatedKey;
    } while (startKey !== undefined);
  }

  async find(id: string, parts: readonly string[]): Promise<readonly StoredItem[]> {
    const keys = parts.map((part) => this.#keys.part(id, part));
    return (await batchGet(this.#batches, keys, true)).map((item) => this.#stored(item));
  }

  rowItem(id: string, row: VersionedRow<Row>): StoredItem {
    return this.#stored(this.#items.row(id, row));
  }

  entryItem(id: string, row: VersionedRow<Row>): StoredItem | undefined {
    const entry = this.#items.entry(id, row);
    return entry && this.#stored(entry);
  }

  lineItem(id: string, line: FoldedLine<Line>): StoredItem {
    return this.#stored(this.#items.line(id, line));
  }

  async replace(
    id: string,
    before: StoredItem | undefined,
    after: StoredItem | undefined,
  ): Promise<'replaced' | 'stale'> {
    const { name: TableName, partitionKey } = this.#table;
    const unchanged = isUnchanged(before?.token as Item | undefined, partitionKey);
    const Key = this.#keys.part(id, (after ?? before)?.part ?? '');
    try {
      if (after === undefined)
        await this.#client.send(new DeleteItemCommand({ TableName, Key, ...unchanged }));
      else
        await this.#client.send(new PutItemCommand({ TableName, Item: after.token as Item, ...unchanged }));
      return 'replaced';
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return 'stale';
      throw error;
    }
  }

  #stored(item: Item): StoredItem {
    const { partitionKey, sortKey } = this.#table;
    const { [partitionKey]: _partition, [sortKey]: part, version, data, ...others } = item;
    const number = Number(version?.N);
    const json = parsed(data?.S);
    return {
      part: part?.S ?? '',
      version: Number.isFinite(number) ? number : undefined,
      data: json,
      others: Object.fromEntries(
        Object.entries({
          ...others,
          // What is damaged is compared as it is.
          ...(version !== undefined && !Number.isFinite(number) && { version }),
          ...(data !== undefined && json === undefined && { data }),
        }).map(([name, value]) => [name, JSON.stringify(value)]),
      ),
      token: item,
    };
  }
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The condition that an item is as it was read: its version and its data. The rest follows from these. */
function isUnchanged(before: Item | undefined, partitionKey: string) {
  if (before === undefined) {
    return {
      ConditionExpression: 'attribute_not_exists(#pk)',
      ExpressionAttributeNames: { '#pk': partitionKey },
    };
  }
  const values: Item = {};
  const conditions = ['version', 'data'].map((name) => {
    const value = before[name];
    if (value === undefined) return `attribute_not_exists(#${name})`;
    values[`:${name}`] = value;
    return `#${name} = :${name}`;
  });
  return {
    ConditionExpression: ['attribute_exists(#pk)', ...conditions].join(' AND '),
    ExpressionAttributeNames: { '#pk': partitionKey, '#version': 'version', '#data': 'data' },
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
  };
}
