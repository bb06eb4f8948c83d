import { createHash } from 'node:crypto';
import { type DynamoDBClient, QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { listIndex, readModelTable } from '../../../schema/tables.ts';
import { compareKeys, lastKey } from '../key-order.ts';
import type { ListKeys } from '../projection.ts';
import type { KeyRange } from '../read-model.ts';
import type { Item } from './dynamodb-batches.ts';

/** A list's entries are spread over so many index partitions: each takes 1,000 new entries a second. */
const listShards = 4;
const shards = Array.from({ length: listShards }, (_, shard) => shard);

/** An entry of a list: the key of the item that it leads to, and where the list has it. */
export interface ListEntry {
  readonly key: Item;
  readonly listKey: string;
}

/** The lists of one generation of a read model: an index each, with keys only. Needs `dynamodb:Query` on the indexes. */
export class DynamoDBLists {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;
  readonly #generation: string;

  constructor(client: DynamoDBClient, tableName: string, generation: string) {
    this.#client = client;
    this.#tableName = tableName;
    this.#generation = generation;
  }

  /** The attributes that put an item of the row with this id into its lists. */
  attributes(id: string, keys: ListKeys): Item {
    const item: Item = {};
    for (const [list, key] of Object.entries(keys)) {
      if (key === undefined) continue;
      const index = listIndex(list);
      item[index.partitionKey] = { S: this.#shard(shardOf(id)) };
      item[index.sortKey] = { S: key };
    }
    return item;
  }

  /** Entries in the order of their keys. `next`, where there may be more, is what the following page goes `after`. */
  async page(list: string, range: KeyRange): Promise<{ entries: ListEntry[]; next?: string }> {
    const found = await Promise.all(shards.map((shard) => this.#pageOfShard(list, shard, range)));
    const entries = found
      .flat()
      .sort((a, b) => compareKeys(a.listKey, b.listKey))
      .slice(0, range.limit);
    const last = entries.at(-1);
    return { entries, ...(entries.length === range.limit && last && { next: last.listKey }) };
  }

  /** How many entries there are within bounds, counted up to `max`. */
  async count(list: string, bounds: Pick<KeyRange, 'from' | 'to'>, max: number): Promise<number> {
    const counts = await Promise.all(shards.map((shard) => this.#countOfShard(list, shard, bounds, max)));
    return Math.min(
      max,
      counts.reduce((sum, count) => sum + count),
    );
  }

  async #pageOfShard(list: string, shard: number, range: KeyRange): Promise<ListEntry[]> {
    const { Items = [] } = await this.#client.send(
      new QueryCommand({ ...this.#within(list, shard, range), Limit: range.limit }),
    );
    return Items.map((item) => {
      const { [readModelTable.partitionKey]: pk = { S: '' }, [readModelTable.sortKey]: sk = { S: '' } } =
        item;
      const key = { [readModelTable.partitionKey]: pk, [readModelTable.sortKey]: sk };
      return { key, listKey: item[listIndex(list).sortKey]?.S ?? '' };
    });
  }

  async #countOfShard(
    list: string,
    shard: number,
    bounds: Pick<KeyRange, 'from' | 'to'>,
    max: number,
  ): Promise<number> {
    let count = 0;
    let ExclusiveStartKey: Item | undefined;
    do {
      const { Count = 0, LastEvaluatedKey } = await this.#client.send(
        new QueryCommand({
          ...this.#within(list, shard, bounds),
          Select: 'COUNT',
          Limit: max - count,
          ExclusiveStartKey,
        }),
      );
      count += Count;
      ExclusiveStartKey = LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined && count < max);
    return count;
  }

  #within(list: string, shard: number, range: Omit<KeyRange, 'limit'>): QueryCommandInput {
    const index = listIndex(list);
    const { from = ' ', to = lastKey, after } = range;
    return {
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
    };
  }

  #shard(shard: number): string {
    return `${this.#generation}#${shard}`;
  }
}

function shardOf(id: string): number {
  return (createHash('sha256').update(id).digest()[0] ?? 0) % listShards;
}
