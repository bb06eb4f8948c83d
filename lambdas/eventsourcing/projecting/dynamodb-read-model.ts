import { createHash } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { readModelTable } from '../../../schema/tables.ts';
import { batchGet, batchPut, type Item } from './dynamodb-batches.ts';
import type { VersionedDetail, VersionedRow } from './fold.ts';
import type { Projection } from './projection.ts';
import type { DetailRange, ListedRow, ListRange, ReadModel, RowChange } from './read-model.ts';

const { partitionKey, sortKey, listIndex } = readModelTable;

/** A list's rows are spread over so many index partitions: each takes 1,000 new rows a second. */
const listShards = 4;
const rowSortKey = 'row';
const detailPrefix = 'detail#';
/** Versions are padded so that they sort as text. */
const versionDigits = 16;

/**
 * One generation of a read model on DynamoDB. Rows and details of a stream share a partition, `generation#id`.
 * Reading needs `dynamodb:GetItem`, `BatchGetItem` and `Query` on table and index; saving `PutItem` and `BatchWriteItem`.
 */
export class DynamoDBReadModel<Row, Detail> implements ReadModel<Row, Detail> {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;
  readonly #generation: string;
  readonly #projection: Pick<Projection<Row, Detail>, 'listKey'>;

  constructor(
    client: DynamoDBClient,
    tableName: string,
    generation: string,
    projection: Pick<Projection<Row, Detail>, 'listKey'>,
  ) {
    this.#client = client;
    this.#tableName = tableName;
    this.#generation = generation;
    this.#projection = projection;
  }

  async load(ids: readonly string[]): Promise<Map<string, VersionedRow<Row>>> {
    return this.#getRows(ids, true);
  }

  async save(change: RowChange<Row, Detail>): Promise<'saved' | 'stale'> {
    const { id, expectedVersion, version, row, details } = change;
    // Details first: a row never claims a version whose details could still get lost.
    const lines = details.map((line) => this.#item(id, detailKey(line.version), line.version, line.detail));
    await batchPut(this.#client, this.#tableName, lines);
    const listAttributes = {
      [listIndex.partitionKey]: { S: this.#listShard(shardOf(id)) },
      [listIndex.sortKey]: { S: this.#projection.listKey(row) },
    };
    try {
      await this.#client.send(
        new PutItemCommand({
          TableName: this.#tableName,
          Item: { ...this.#item(id, rowSortKey, version, row), ...listAttributes },
          ...(expectedVersion === 0
            ? {
                ConditionExpression: 'attribute_not_exists(#pk)',
                ExpressionAttributeNames: { '#pk': partitionKey },
              }
            : {
                ConditionExpression: '#version = :expected',
                ExpressionAttributeNames: { '#version': 'version' },
                ExpressionAttributeValues: { ':expected': { N: String(expectedVersion) } },
              }),
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

  async details(id: string, { beforeVersion, limit }: DetailRange): Promise<VersionedDetail<Detail>[]> {
    const upTo = beforeVersion === undefined ? `${detailPrefix}~` : detailKey(beforeVersion - 1);
    const { Items = [] } = await this.#client.send(
      new QueryCommand({
        TableName: this.#tableName,
        KeyConditionExpression: '#pk = :pk AND #sk BETWEEN :first AND :last',
        ExpressionAttributeNames: { '#pk': partitionKey, '#sk': sortKey },
        ExpressionAttributeValues: {
          ':pk': { S: this.#partition(id) },
          ':first': { S: detailPrefix },
          ':last': { S: upTo },
        },
        ScanIndexForward: false,
        Limit: limit,
      }),
    );
    return Items.map((item) => ({ version: versionOf(item), detail: dataOf(item) }));
  }

  async list({ after = '', limit }: ListRange): Promise<ListedRow<Row>[]> {
    const shards = Array.from({ length: listShards }, (_, shard) => this.#listKeys(shard, after, limit));
    const listed = (await Promise.all(shards)).flat().sort((a, b) => (a.listKey < b.listKey ? -1 : 1));
    const page = listed.slice(0, limit);
    const rows = await this.#getRows(
      page.map(({ id }) => id),
      false,
    );
    return page.flatMap(({ id, listKey }) => {
      const stored = rows.get(id);
      return stored ? [{ ...stored, listKey }] : [];
    });
  }

  async #listKeys(shard: number, after: string, limit: number): Promise<{ id: string; listKey: string }[]> {
    const { Items = [] } = await this.#client.send(
      new QueryCommand({
        TableName: this.#tableName,
        IndexName: listIndex.name,
        KeyConditionExpression: '#shard = :shard AND #key > :after',
        ExpressionAttributeNames: { '#shard': listIndex.partitionKey, '#key': listIndex.sortKey },
        // A key attribute is never empty, so that a blank sorts before all of them.
        ExpressionAttributeValues: { ':shard': { S: this.#listShard(shard) }, ':after': { S: after || ' ' } },
        Limit: limit,
      }),
    );
    return Items.map((item) => ({ id: this.#idOf(item), listKey: item[listIndex.sortKey]?.S ?? '' }));
  }

  async #getRows(ids: readonly string[], consistentRead: boolean): Promise<Map<string, VersionedRow<Row>>> {
    const keys = ids.map((id) => this.#key(id, rowSortKey));
    const items = await batchGet(this.#client, this.#tableName, keys, consistentRead);
    return new Map(items.map((item) => [this.#idOf(item), { version: versionOf(item), row: dataOf(item) }]));
  }

  #partition(id: string): string {
    return `${this.#generation}#${id}`;
  }

  #listShard(shard: number): string {
    return `${this.#generation}#${shard}`;
  }

  #idOf(item: Item): string {
    return (item[partitionKey]?.S ?? '').slice(this.#generation.length + 1);
  }

  #key(id: string, sort: string): Item {
    return { [partitionKey]: { S: this.#partition(id) }, [sortKey]: { S: sort } };
  }

  #item(id: string, sort: string, version: number, data: unknown): Item {
    return { ...this.#key(id, sort), version: { N: String(version) }, data: { S: JSON.stringify(data) } };
  }
}

function detailKey(version: number): string {
  return detailPrefix + String(version).padStart(versionDigits, '0');
}

function shardOf(id: string): number {
  return (createHash('sha256').update(id).digest()[0] ?? 0) % listShards;
}

function versionOf(item: Item): number {
  return Number(item['version']?.N);
}

function dataOf<Data>(item: Item): Data {
  return JSON.parse(item['data']?.S ?? 'null');
}
