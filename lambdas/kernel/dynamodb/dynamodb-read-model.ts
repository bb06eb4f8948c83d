import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { readModelTable } from '../../../schema/tables.ts';
import type { FoldedLine, VersionedRow } from '../fold.ts';
import { lastKey } from '../key-order.ts';
import type { KeyedLine, Listing } from '../projection.ts';
import type { KeyRange, LineRange, ListedLine, ListedRow, ReadModel, RowChange } from '../read-model.ts';
import { batchGet, batchPut, type Item } from './dynamodb-batches.ts';
import { DynamoDBLists, type ListEntry } from './dynamodb-lists.ts';

const { partitionKey, sortKey } = readModelTable;

const rowSortKey = 'row';
const linePrefix = 'line#';
/** Lines that change are written one by one, so many at a time. */
const maxConcurrentLines = 25;

/**
 * One generation of a read model on DynamoDB. Row and lines of a stream share a partition, `generation#id`.
 * Needs, on the table, `dynamodb:BatchGetItem` to load and list, `GetItem` to find, `Query` for lines, `PutItem` to save, and
 * `BatchWriteItem` where lines never change; on an index, `Query` to list and count.
 */
export class DynamoDBReadModel<Row, Line, List extends string = string>
  implements ReadModel<Row, Line, List>
{
  readonly #client: DynamoDBClient;
  readonly #tableName: string;
  readonly #generation: string;
  readonly #projection: Listing<Row, Line, List>;
  readonly #lists: DynamoDBLists;

  constructor(
    client: DynamoDBClient,
    tableName: string,
    generation: string,
    projection: Listing<Row, Line, List>,
  ) {
    this.#client = client;
    this.#tableName = tableName;
    this.#generation = generation;
    this.#projection = projection;
    this.#lists = new DynamoDBLists(client, tableName, generation);
  }

  async load(ids: readonly string[]): Promise<Map<string, VersionedRow<Row>>> {
    const keys = ids.map((id) => this.#key(id, rowSortKey));
    const items = await batchGet(this.#client, this.#tableName, keys, true);
    return new Map(items.map((item) => [this.#idOf(item), { version: versionOf(item), row: dataOf(item) }]));
  }

  async save({ id, expectedVersion, version, row, lines }: RowChange<Row, Line>): Promise<'saved' | 'stale'> {
    // Lines first: a row never claims a version whose lines could still get lost.
    await this.#putLines(id, lines);
    try {
      await this.#client.send(
        new PutItemCommand({
          TableName: this.#tableName,
          Item: {
            ...this.#key(id, rowSortKey),
            ...this.#lists.attributes(id, this.#projection.listKeys?.(row) ?? {}),
            version: { N: String(version) },
            data: json(row),
          },
          ...atVersion(expectedVersion),
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
      new GetItemCommand({ TableName: this.#tableName, Key: this.#key(id, rowSortKey) }),
    );
    return Item && { version: versionOf(Item), row: dataOf(Item) };
  }

  async lines(id: string, range: LineRange): Promise<{ lines: KeyedLine<Line>[]; hasMore: boolean }> {
    const { from = '', to = lastKey, after, order, limit, consistent = false } = range;
    const { Items = [], LastEvaluatedKey } = await this.#client.send(
      new QueryCommand({
        TableName: this.#tableName,
        KeyConditionExpression: '#pk = :pk AND #sk BETWEEN :from AND :to',
        ExpressionAttributeNames: { '#pk': partitionKey, '#sk': sortKey },
        ExpressionAttributeValues: {
          ':pk': { S: this.#partition(id) },
          ':from': { S: linePrefix + from },
          ':to': { S: linePrefix + to },
        },
        ExclusiveStartKey: after === undefined ? undefined : this.#key(id, linePrefix + after),
        ScanIndexForward: order === 'ascending',
        ConsistentRead: consistent,
        // One more than asked for tells whether there are more.
        Limit: limit + 1,
      }),
    );
    const lines = Items.slice(0, limit).map((item) => ({
      key: lineKeyOf(item),
      line: dataOf<Line>(item),
    }));
    return {
      lines,
      hasMore: Items.length > limit || (LastEvaluatedKey !== undefined && Items.length < limit),
    };
  }

  async list(list: List, range: KeyRange): Promise<{ rows: ListedRow<Row>[]; next?: string }> {
    const { entries, ...next } = await this.#lists.page(list, range);
    // `next` is the index's, not the rows': one that was not read yet must not end the list.
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
      key: lineKeyOf(item),
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
    if (changingLines === undefined) return batchPut(this.#client, this.#tableName, items);
    for (let start = 0; start < items.length; start += maxConcurrentLines) {
      const some = items.slice(start, start + maxConcurrentLines);
      await Promise.all(some.map((item) => this.#putNewer(item)));
    }
  }

  /** Puts a line unless the stored one is as new: a projector that lags behind another changes nothing back. */
  async #putNewer(item: Item): Promise<void> {
    try {
      await this.#client.send(
        new PutItemCommand({
          TableName: this.#tableName,
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

  /** What the entries lead to, in their order; what has gone since, or is not read yet, is left out. */
  async #itemsOf(entries: readonly ListEntry[]): Promise<{ item: Item; listKey: string }[]> {
    const keys = entries.map(({ key }) => key);
    const items = await batchGet(this.#client, this.#tableName, keys, false);
    const byKey = new Map(items.map((item) => [keyText(item), item]));
    return entries.flatMap(({ key, listKey }) => {
      const item = byKey.get(keyText(key));
      return item ? [{ item, listKey }] : [];
    });
  }

  #partition(id: string): string {
    return `${this.#generation}#${id}`;
  }

  #idOf(item: Item): string {
    return (item[partitionKey]?.S ?? '').slice(this.#generation.length + 1);
  }

  #key(id: string, sort: string): Item {
    return { [partitionKey]: { S: this.#partition(id) }, [sortKey]: { S: sort } };
  }
}

/** The condition that the stored row is at this version; 0: that there is none. */
function atVersion(expectedVersion: number) {
  if (expectedVersion === 0) {
    return {
      ConditionExpression: 'attribute_not_exists(#pk)',
      ExpressionAttributeNames: { '#pk': partitionKey },
    };
  }
  return {
    ConditionExpression: '#version = :expected',
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: { ':expected': { N: String(expectedVersion) } },
  };
}

function lineKeyOf(item: Item): string {
  return (item[sortKey]?.S ?? '').slice(linePrefix.length);
}

function keyText(key: Item): string {
  return `${key[partitionKey]?.S} ${key[sortKey]?.S}`;
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
