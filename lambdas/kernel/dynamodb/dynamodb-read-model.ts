import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { forEachConcurrently } from '../concurrency.ts';
import type { Effects } from '../effects.ts';
import type { FoldedLine, VersionedRow } from '../fold.ts';
import { lastKey } from '../key-order.ts';
import type { KeyedLine, Listing } from '../projection.ts';
import type {
  LineRange,
  ListBounds,
  ListedLine,
  ListedRow,
  ListRange,
  ReadModel,
  RowChange,
} from '../read-model.ts';
import type { RowWriter } from '../rebuild/row-writer.ts';
import { type BatchTarget, batchGet, batchPut, type Item } from './dynamodb-batches.ts';
import { DynamoDBLists, type ListEntry } from './dynamodb-lists.ts';
import { DynamoDBRowWriter } from './dynamodb-row-writer.ts';
import { putNewer } from './put-newer.ts';
import { atVersion, dataOf, ReadModelItems, ReadModelKeys, versionOf } from './read-model-items.ts';
import type { ReadModelTable } from './tables.ts';

/** Each changing line is a separate write. At most this many run at the same time. */
const maxConcurrentLines = 25;

/** What a read model on DynamoDB needs. */
export interface DynamoDBReadModelOptions<Row, Line, List extends string> {
  readonly table: ReadModelTable;
  /** Every partition key begins with it. */
  readonly generation: string;
  readonly projection: Listing<Row, Line, List>;
  readonly effects: Pick<Effects, 'delay' | 'random'>;
}

/**
 * One generation of a read model on DynamoDB. The row, its entry and the lines of a stream share a partition, `generation#id`.
 * Needs on the table: `dynamodb:BatchGetItem` to load and list, `GetItem` to find, `Query` for lines, `PutItem` to save,
 * and `BatchWriteItem` if lines never change. Needs on an index: `Query` to list and count.
 */
export class DynamoDBReadModel<Row, Line, List extends string = string>
  implements ReadModel<Row, Line, List>
{
  readonly #client: DynamoDBClient;
  readonly #table: ReadModelTable;
  readonly #items: ReadModelItems<Row, Line, List>;
  readonly #lists: DynamoDBLists;
  readonly #keys: ReadModelKeys;
  readonly #batches: BatchTarget;
  readonly #generation: string;

  constructor(client: DynamoDBClient, options: DynamoDBReadModelOptions<Row, Line, List>) {
    const { table, generation, projection, effects } = options;
    this.#client = client;
    this.#table = table;
    this.#generation = generation;
    this.#keys = new ReadModelKeys(table, generation);
    this.#lists = new DynamoDBLists(client, table, generation, projection);
    this.#items = new ReadModelItems(this.#keys, this.#lists, projection);
    this.#batches = { client, tableName: table.name, effects };
  }

  async load(ids: readonly string[]): Promise<Map<string, VersionedRow<Row>>> {
    const keys = ids.map((id) => this.#keys.row(id));
    // Consistent only for speed: the save of a row that was folded from an old one is refused.
    const items = await batchGet(this.#batches, keys, true);
    return new Map(
      items.map((item) => [this.#keys.idOf(item), { version: versionOf(item), row: dataOf(item) }]),
    );
  }

  async save({ id, expectedVersion, version, row, lines }: RowChange<Row, Line>): Promise<'saved' | 'stale'> {
    // Lines first: the lines of a row's version must already be stored.
    await Promise.all([this.#putLines(id, lines), this.#putEntry(id, version, row)]);
    try {
      await this.#client.send(
        new PutItemCommand({
          TableName: this.#table.name,
          Item: this.#items.row(id, { version, row }),
          ...atVersion(this.#table, expectedVersion),
        }),
      );
      return 'saved';
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return 'stale';
      throw error;
    }
  }

  /** A writer of many rows, for a generation that is being built. It also needs `BatchWriteItem` if lines never change. */
  bulkWriter(): RowWriter<Row, Line> {
    return new DynamoDBRowWriter({ target: this.#batches, keys: this.#keys, items: this.#items });
  }

  async find(id: string): Promise<VersionedRow<Row> | undefined> {
    const { Item } = await this.#client.send(
      new GetItemCommand({ TableName: this.#table.name, Key: this.#keys.row(id) }),
    );
    return Item && { version: versionOf(Item), row: dataOf(Item) };
  }

  async lines(id: string, range: LineRange): Promise<{ lines: KeyedLine<Line>[]; hasMore: boolean }> {
    const { from = '', to = lastKey, after, order, limit, consistent = false } = range;
    const { Items = [], LastEvaluatedKey } = await this.#client.send(
      new QueryCommand({
        TableName: this.#table.name,
        KeyConditionExpression: '#pk = :pk AND #sk BETWEEN :from AND :to',
        ExpressionAttributeNames: { '#pk': this.#table.partitionKey, '#sk': this.#table.sortKey },
        ExpressionAttributeValues: this.#keys.lineRange(id, from, to),
        ExclusiveStartKey: after === undefined ? undefined : this.#keys.line(id, after),
        ScanIndexForward: order === 'ascending',
        ConsistentRead: consistent,
        // One more than requested, to find out whether there are more.
        Limit: limit + 1,
      }),
    );
    const lines = Items.slice(0, limit).map((item) => ({
      key: this.#keys.lineKeyOf(item),
      line: dataOf<Line>(item),
    }));
    return {
      lines,
      // A page may also end by its size, with exactly as many items as were asked for.
      hasMore: Items.length > limit || LastEvaluatedKey !== undefined,
    };
  }

  async list(list: List, range: ListRange): Promise<{ rows: ListedRow<Row>[]; next?: string }> {
    const { entries, ...next } = await this.#lists.page(list, range);
    // In a part of the list, the entry is not the row.
    const rowEntries = entries.map((entry) => ({
      ...entry,
      key: this.#keys.row(this.#keys.idOf(entry.key)),
    }));
    // `next` is a key of the index. A row that cannot be read yet must not end the list.
    const rows = (await this.#itemsOf(rowEntries)).map(({ item, listKey }) => ({
      rowId: this.#keys.idOf(item),
      version: versionOf(item),
      row: dataOf<Row>(item),
      listKey,
    }));
    return { rows, ...next };
  }

  async listLines(list: List, range: ListRange): Promise<{ lines: ListedLine<Line>[]; next?: string }> {
    const { entries, ...next } = await this.#lists.page(list, range);
    const lines = (await this.#itemsOf(entries)).map(({ item, listKey }) => ({
      rowId: this.#keys.idOf(item),
      key: this.#keys.lineKeyOf(item),
      line: dataOf<Line>(item),
      listKey,
    }));
    return { lines, ...next };
  }

  count(list: List, bounds: ListBounds, max: number): Promise<number> {
    return this.#lists.count(list, bounds, max);
  }

  async generation(): Promise<string> {
    return this.#generation;
  }

  async #putLines(id: string, lines: readonly FoldedLine<Line>[]): Promise<void> {
    const items = lines.map((line) => this.#items.line(id, line));
    if (!this.#items.hasChangingLines) return batchPut(this.#batches, items);
    await forEachConcurrently(items, maxConcurrentLines, (item) => putNewer(this.#batches, item));
  }

  /** Puts the second entry of a row. It is written with every version, like a line that changes. */
  async #putEntry(id: string, version: number, row: Row): Promise<void> {
    const entry = this.#items.entry(id, { version, row });
    if (entry !== undefined) await putNewer(this.#batches, entry);
  }

  /** The items of entries, in their order. Omits an item that no longer exists or cannot be read yet. */
  async #itemsOf(entries: readonly ListEntry[]): Promise<{ item: Item; listKey: string }[]> {
    const keys = entries.map(({ key }) => key);
    const items = await batchGet(this.#batches, keys, false);
    const byKey = new Map(items.map((item) => [this.#keys.asText(item), item]));
    return entries.flatMap(({ key, listKey }) => {
      const item = byKey.get(this.#keys.asText(key));
      return item ? [{ item, listKey }] : [];
    });
  }
}
