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
import type { KeyRange, LineRange, ListedLine, ListedRow, ReadModel, RowChange } from '../read-model.ts';
import { type BatchTarget, batchGet, batchPut, type Item } from './dynamodb-batches.ts';
import { DynamoDBLists, type ListEntry } from './dynamodb-lists.ts';
import type { ReadModelTable } from './tables.ts';

const rowSortKey = 'row';
const linePrefix = 'line#';
/** Lines that change are written one by one, at most this many at the same time. */
const maxConcurrentLines = 25;

export interface DynamoDBReadModelOptions<Row, Line, List extends string> {
  readonly table: ReadModelTable;
  /** Which copy of the rows: it leads every partition key. */
  readonly generation: string;
  readonly projection: Listing<Row, Line, List>;
  readonly effects: Pick<Effects, 'delay' | 'random'>;
}

/**
 * One generation of a read model on DynamoDB. The row and the lines of a stream share a partition, `generation#id`.
 * Needs on the table: `dynamodb:BatchGetItem` to load and list, `GetItem` to find, `Query` for lines, `PutItem` to save,
 * and `BatchWriteItem` if lines never change. Needs on an index: `Query` to list and count.
 */
export class DynamoDBReadModel<Row, Line, List extends string = string>
  implements ReadModel<Row, Line, List>
{
  readonly #client: DynamoDBClient;
  readonly #table: ReadModelTable;
  readonly #generation: string;
  readonly #projection: Listing<Row, Line, List>;
  readonly #lists: DynamoDBLists;
  readonly #batches: BatchTarget;

  constructor(client: DynamoDBClient, options: DynamoDBReadModelOptions<Row, Line, List>) {
    const { table, generation, projection, effects } = options;
    this.#client = client;
    this.#table = table;
    this.#generation = generation;
    this.#projection = projection;
    this.#lists = new DynamoDBLists(client, table, generation);
    this.#batches = { client, tableName: table.name, effects };
  }

  async load(ids: readonly string[]): Promise<Map<string, VersionedRow<Row>>> {
    const keys = ids.map((id) => this.#key(id, rowSortKey));
    const items = await batchGet(this.#batches, keys, true);
    return new Map(items.map((item) => [this.#idOf(item), { version: versionOf(item), row: dataOf(item) }]));
  }

  async save({ id, expectedVersion, version, row, lines }: RowChange<Row, Line>): Promise<'saved' | 'stale'> {
    // Lines first: a row must not name a version whose lines are not stored.
    await this.#putLines(id, lines);
    try {
      await this.#client.send(
        new PutItemCommand({
          TableName: this.#table.name,
          Item: {
            ...this.#key(id, rowSortKey),
            ...this.#lists.attributes(id, this.#projection.listKeys?.(row) ?? {}),
            version: { N: String(version) },
            data: json(row),
          },
          ...this.#atVersion(expectedVersion),
        }),
      );
      return 'saved';
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return 'stale';
      throw error;
    }
  }

  async find(id: string): Promise<VersionedRow<Row> | undefined> {
    const { Item } = await this.#client.send(
      new GetItemCommand({ TableName: this.#table.name, Key: this.#key(id, rowSortKey) }),
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
        ExpressionAttributeValues: {
          ':pk': { S: this.#partition(id) },
          ':from': { S: linePrefix + from },
          ':to': { S: linePrefix + to },
        },
        ExclusiveStartKey: after === undefined ? undefined : this.#key(id, linePrefix + after),
        ScanIndexForward: order === 'ascending',
        ConsistentRead: consistent,
        // One more than asked for shows whether there are more.
        Limit: limit + 1,
      }),
    );
    const lines = Items.slice(0, limit).map((item) => ({
      key: this.#lineKeyOf(item),
      line: dataOf<Line>(item),
    }));
    return {
      lines,
      hasMore: Items.length > limit || (LastEvaluatedKey !== undefined && Items.length < limit),
    };
  }

  async list(list: List, range: KeyRange): Promise<{ rows: ListedRow<Row>[]; next?: string }> {
    const { entries, ...next } = await this.#lists.page(list, range);
    // `next` comes from the index: a row that cannot be read yet must not end the list.
    const rows = (await this.#itemsOf(entries)).map(({ item, listKey }) => ({
      version: versionOf(item),
      row: dataOf<Row>(item),
      listKey,
    }));
    return { rows, ...next };
  }

  async listLines(list: List, range: KeyRange): Promise<{ lines: ListedLine<Line>[]; next?: string }> {
    const { entries, ...next } = await this.#lists.page(list, range);
    const lines = (await this.#itemsOf(entries)).map(({ item, listKey }) => ({
      rowId: this.#idOf(item),
      key: this.#lineKeyOf(item),
      line: dataOf<Line>(item),
      listKey,
    }));
    return { lines, ...next };
  }

  count(list: List, bounds: Pick<KeyRange, 'from' | 'to'>, max: number): Promise<number> {
    return this.#lists.count(list, bounds, max);
  }

  async #putLines(id: string, lines: readonly FoldedLine<Line>[]): Promise<void> {
    const { changingLines } = this.#projection;
    const items = lines.map(({ key, version, line }): Item => {
      const item = { ...this.#key(id, linePrefix + key), data: json(line) };
      if (changingLines === undefined) return item;
      const listAttributes = this.#lists.attributes(id, changingLines.listKeys(line));
      return { ...item, ...listAttributes, version: { N: String(version) } };
    });
    if (changingLines === undefined) return batchPut(this.#batches, items);
    await forEachConcurrently(items, maxConcurrentLines, (item) => this.#putNewer(item));
  }

  /** Puts a line if the stored one is older: a projector that is behind must not undo what another has written. */
  async #putNewer(item: Item): Promise<void> {
    try {
      await this.#client.send(
        new PutItemCommand({
          TableName: this.#table.name,
          Item: item,
          ConditionExpression: 'attribute_not_exists(#version) OR #version < :version',
          ExpressionAttributeNames: { '#version': 'version' },
          ExpressionAttributeValues: { ':version': { N: String(versionOf(item)) } },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }

  /** The items of entries, in their order. An item that no longer exists or cannot be read yet is left out. */
  async #itemsOf(entries: readonly ListEntry[]): Promise<{ item: Item; listKey: string }[]> {
    const keys = entries.map(({ key }) => key);
    const items = await batchGet(this.#batches, keys, false);
    const byKey = new Map(items.map((item) => [this.#keyText(item), item]));
    return entries.flatMap(({ key, listKey }) => {
      const item = byKey.get(this.#keyText(key));
      return item ? [{ item, listKey }] : [];
    });
  }

  #partition(id: string): string {
    return `${this.#generation}#${id}`;
  }

  #idOf(item: Item): string {
    return (item[this.#table.partitionKey]?.S ?? '').slice(this.#generation.length + 1);
  }

  #key(id: string, sort: string): Item {
    const { partitionKey, sortKey } = this.#table;
    return { [partitionKey]: { S: this.#partition(id) }, [sortKey]: { S: sort } };
  }

  #lineKeyOf(item: Item): string {
    return (item[this.#table.sortKey]?.S ?? '').slice(linePrefix.length);
  }

  #keyText(key: Item): string {
    return `${key[this.#table.partitionKey]?.S} ${key[this.#table.sortKey]?.S}`;
  }

  /** The condition that the stored row is at this version; 0: that there is no row. */
  #atVersion(expectedVersion: number) {
    if (expectedVersion === 0) {
      return {
        ConditionExpression: 'attribute_not_exists(#pk)',
        ExpressionAttributeNames: { '#pk': this.#table.partitionKey },
      };
    }
    return {
      ConditionExpression: '#version = :expected',
      ExpressionAttributeNames: { '#version': 'version' },
      ExpressionAttributeValues: { ':expected': { N: String(expectedVersion) } },
    };
  }
}

function versionOf(item: Item): number {
  return Number(item['version']?.N);
}

function json(data: unknown): { S: string } {
  return { S: JSON.stringify(data) };
}

function dataOf<Data>(item: Item): Data {
  return JSON.parse(item['data']?.S ?? 'null');
}
