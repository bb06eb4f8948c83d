import { createHash } from 'node:crypto';
import { type DynamoDBClient, QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { compareKeys } from '../key-order.ts';
import type { ListKeys } from '../projection.ts';
import type { KeyRange, ListBounds, ListRange } from '../read-model.ts';
import { defaultTenant } from '../stream-name.ts';
import { placeInList, type TenantListing } from '../tenant-lists.ts';
import type { Item } from './dynamodb-batches.ts';
import type { ReadModelTable } from './tables.ts';

/** The entries of a list are spread over this many index partitions. Each accepts 1,000 new entries per second. */
const listShards = 4;
const shards = Array.from({ length: listShards }, (_, shard) => shard);

/** An entry of a list: the key of its item, and its position in the list. */
export interface ListEntry {
  readonly key: Item;
  readonly listKey: string;
}

/**
 * The lists of one generation of a read model. Each is an index with only keys. Needs `dynamodb:Query` on the
 * indexes.
 */
export class DynamoDBLists {
  readonly #client: DynamoDBClient;
  readonly #table: ReadModelTable;
  readonly #generation: string;
  readonly #listing: TenantListing;

  constructor(client: DynamoDBClient, table: ReadModelTable, generation: string, listing: TenantListing) {
    this.#client = client;
    this.#table = table;
    this.#generation = generation;
    this.#listing = listing;
  }

  /** The attributes that put an item into its lists, or into a part of them. `id` is that of the item's row. */
  attributes(id: string, keys: Partial<ListKeys>, part?: string): Item {
    const item: Item = {};
    for (const [list, key] of Object.entries(keys)) {
      if (key === undefined) continue;
      const index = this.#table.listIndex(list);
      const { tenant, key: placed } = placeInList(this.#listing, list, { rowId: id, key });
      item[index.partitionKey] = { S: this.#shard(shardOf(id), { tenant, part }) };
      item[index.sortKey] = { S: placed };
    }
    return item;
  }

  /** A page of entries in the order of their keys. If `next` is present, pass it as `after` of the next page. */
  async page(list: string, range: ListRange): Promise<{ entries: ListEntry[]; next?: string }> {
    if (isEmpty(range)) return { entries: [] };
    const found = await Promise.all(shards.map((shard) => this.#pageOfShard(list, shard, range)));
    const entries = found
      .flat()
      .sort((a, b) => compareKeys(a.listKey, b.listKey))
      .slice(0, range.limit);
    const last = entries.at(-1);
    return { entries, ...(entries.length === range.limit && last && { next: last.listKey }) };
  }

  /** Number of entries within bounds, counted up to `max`. */
  async count(list: string, bounds: ListBounds, max: number): Promise<number> {
    if (isEmpty(bounds)) return 0;
    const counts = await Promise.all(shards.map((shard) => this.#countOfShard(list, shard, bounds, max)));
    return Math.min(
      max,
      counts.reduce((sum, count) => sum + count),
    );
  }

  async #pageOfShard(list: string, shard: number, range: ListRange): Promise<ListEntry[]> {
    // An index has only keys, so 100 entries are far below the 1 MB of a page: there is never a second one.
    const { Items = [] } = await this.#client.send(
      new QueryCommand({ ...this.#within(list, shard, range), Limit: range.limit }),
    );
    const { partitionKey, sortKey } = this.#table;
    const listKeyName = this.#table.listIndex(list).sortKey;
    return Items.map((item) => {
      const { [partitionKey]: pk = { S: '' }, [sortKey]: sk = { S: '' } } = item;
      return { key: { [partitionKey]: pk, [sortKey]: sk }, listKey: item[listKeyName]?.S ?? '' };
    });
  }

  async #countOfShard(list: string, shard: number, bounds: ListBounds, max: number): Promise<number> {
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

  #within(list: string, shard: number, range: Omit<ListRange, 'limit'>): QueryCommandInput {
    const index = this.#table.listIndex(list);
    const { to } = range;
    return {
      TableName: this.#table.name,
      IndexName: index.name,
      KeyConditionExpression:
        to === undefined
          ? '#shard = :shard AND #key >= :from'
          : '#shard = :shard AND #key BETWEEN :from AND :to',
      ExpressionAttributeNames: { '#shard': index.partitionKey, '#key': index.sortKey },
      ExpressionAttributeValues: {
        ':shard': { S: this.#shard(shard, range) },
        ':from': { S: firstKey(range) },
        ...(to !== undefined && { ':to': { S: to } }),
      },
    };
  }

  /**
   * Another tenant than the default one, and each part of a list, has index partitions of its own. The names of generations and
   * parts have no slash.
   */
  #shard(shard: number, { tenant = defaultTenant, part }: Pick<ListRange, 'tenant' | 'part'>): string {
    const space = tenant === defaultTenant ? this.#generation : `${this.#generation}/${tenant}`;
    return part === undefined ? `${space}#${shard}` : `${space}#${part}#${shard}`;
  }
}

/** Keys have no control characters, so the next possible key is `after` followed by a space. */
function firstKey({ from = ' ', after }: Pick<KeyRange, 'from' | 'after'>): string {
  return after === undefined ? from : `${after} `;
}

/** True if no key can be in the range. DynamoDB refuses such a range. */
function isEmpty(range: Omit<KeyRange, 'limit'>): boolean {
  return range.to !== undefined && compareKeys(firstKey(range), range.to) > 0;
}

function shardOf(id: string): number {
  return (createHash('sha256').update(id).digest()[0] ?? 0) % listShards;
}
