import { createHash } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { listIndex, readModelTable } from '../../../schema/tables.ts';
import { batchGet, batchPut, type Item } from './dynamodb-batches.ts';
import type { VersionedRow } from './fold.ts';
import { compareKeys, lastKey } from './key-order.ts';
import type { DetailLine, Projection } from './projection.ts';
import type { DetailRange, KeyRange, ListedRow, ReadModel, RowChange } from './read-model.ts';

const { partitionKey, sortKey } = readModelTable;

/** A list's rows are spread over so many index partitions: each takes 1,000 new rows a second. */
const listShards = 4;
const rowSortKey = 'row';
const linePrefix = 'line#';

/**
 * One generation of a read model on DynamoDB. Row and lines of a stream share a partition, `generation#id`.
 * Reading needs `dynamodb:GetItem`, `BatchGetItem` and `Query` on table and indexes; saving `PutItem` and `BatchWriteItem`.
 */
export class DynamoDBReadModel<Row, Detail> implements ReadModel<Row, Detail> {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;
  readonly #generation: string;
  readonly #projection: Pick<Projection<Row, Detail>, 'listKeys'>;

  constructor(
    client: DynamoDBClient,
    tableName: string,
    generation: string,
    projection: Pick<Projection<Row, Detail>, 'listKeys'>,
  ) {
    this.#client = client;
    this.#tableName = tableName;
    this.#generation = generation;
    this.#projection = projection;
  }

  async load(ids: readonly string[]): Promise<Map<string, VersionedRow<Row>>> {
    return this.#getRows(ids, true);
  }

  async save({
    id,
    expectedVersion,
    version,
    row,
    lines,
  }: RowChange<Row, Detail>): Promise<'saved' | 'stale'> {
    // Lines first: a row never claims a version whose lines could still get lost.
    const items = lines.map(({ key, detail }) => ({
      ...this.#key(id, linePrefix + key),
      data: json(detail),
    }));
    await batchPut(this.#client, this.#tableName, items);
    try {
      await this.#client.send(
        new PutItemCommand({
          TableName: this.#tableName,
          Item: {
            ...this.#key(id, rowSortKey),
            ...this.#listAttributes(id, row),
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

  async lines(id: string, range: DetailRange): Promise<{ lines: DetailLine<Detail>[]; hasMore: boolean }> {
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
      key: (item[sortKey]?.S ?? '').slice(linePrefix.length),
      detail: dataOf<Detail>(item),
    }));
    return {
      lines,
      hasMore: Items.length > limit || (LastEvaluatedKey !== undefined && Items.length < limit),
    };
  }

  async list(list: string, range: KeyRange): Promise<{ rows: ListedRow<Row>[]; next?: string }> {
    const shards = Array.from({ length: listShards }, (_, shard) => this.#listShard(list, shard, range));
    const listed = (await Promise.all(shards)).flat().sort((a, b) => compareKeys(a.listKey, b.listKey));
    const page = listed.slice(0, range.limit);
    const stored = await this.#getRows(
      page.map(({ id }) => id),
      false,
    );
    const rows = page.flatMap(({ id, listKey }) => {
      const row = stored.get(id);
      return row ? [{ ...row, listKey }] : [];
    });
    // By the index, not by the rows: one that the read above did not see yet must not end the list.
    const last = page.at(-1);
    return { rows, ...(page.length === range.limit && last && { next: last.listKey }) };
  }

  async #listShard(list: string, shard: number, range: KeyRange): Promise<{ id: string; listKey: string }[]> {
    const index = listIndex(list);
    const { from = ' ', to = lastKey, after, limit } = range;
    const { Items = [] } = await this.#client.send(
      new QueryCommand({
        TableName: this.#tableName,
        IndexName: index.name,
        KeyConditionExpression: '#shard = :shard AND #key BETWEEN :from AND :to',
        ExpressionAttributeNames: { '#shard': index.partitionKey, '#key': index.sortKey },
        ExpressionAttributeValues: {
          ':shard': { S: this.#shard(shard) },
          // Keys hold no control characters: a blank more is the next key that could be.
          ':from': { S: after === undefined ? from : `${after} ` },
          ':to': { S: to },
        },
        Limit: limit,
      }),
    );
    return Items.map((item) => ({ id: this.#idOf(item), listKey: item[index.sortKey]?.S ?? '' }));
  }

  #listAttributes(id: string, row: Row): Item {
    const item: Item = {};
    for (const [list, key] of Object.entries(this.#projection.listKeys(row))) {
      if (key === undefined) continue;
      const index = listIndex(list);
      item[index.partitionKey] = { S: this.#shard(shardOf(id)) };
      item[index.sortKey] = { S: key };
    }
    return item;
  }

  async #getRows(ids: readonly string[], consistentRead: boolean): Promise<Map<string, VersionedRow<Row>>> {
    const keys = ids.map((id) => this.#key(id, rowSortKey));
    const items = await batchGet(this.#client, this.#tableName, keys, consistentRead);
    return new Map(items.map((item) => [this.#idOf(item), { version: versionOf(item), row: dataOf(item) }]));
  }

  #partition(id: string): string {
    return `${this.#generation}#${id}`;
  }

  #shard(shard: number): string {
    return `${this.#generation}#${shard}`;
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

function shardOf(id: string): number {
  return (createHash('sha256').update(id).digest()[0] ?? 0) % listShards;
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
