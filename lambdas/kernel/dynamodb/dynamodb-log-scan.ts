import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Effects } from '../effects.ts';
import type { LogPage, LogPlace, LogScan, ScannedCommit, TablePart } from '../rebuild/log-scan.ts';
import type { StreamName } from '../stream-name.ts';
import { linkedAttributes, linkedFromItem } from './commit-item.ts';
import type { Item } from './dynamodb-batches.ts';
import { type QueryPage, type RawItem, scanPage } from './query-page.ts';
import type { SortedTable } from './tables.ts';
import { whileBusy } from './while-busy.ts';

/** Scans the log on DynamoDB. Needs `dynamodb:Scan` on the table. */
export class DynamoDBLogScan implements LogScan {
  readonly #client: DynamoDBClient;
  readonly #table: SortedTable;
  readonly #effects: Pick<Effects, 'delay' | 'random'>;

  constructor(client: DynamoDBClient, table: SortedTable, effects: Pick<Effects, 'delay' | 'random'>) {
    this.#client = client;
    this.#table = table;
    this.#effects = effects;
  }

  async *pages(
    part: TablePart,
    { categories, after }: { readonly categories: readonly string[]; readonly after?: LogPlace | undefined },
  ): AsyncIterable<LogPage> {
    // The next page is on its way while this one is folded.
    let ahead: Promise<QueryPage> | undefined = this.#page(part, categories, after && this.#key(after));
    while (ahead !== undefined) {
      const { items, lastKey: last }: QueryPage = await ahead;
      ahead = last && this.#page(part, categories, last as Item);
      // If the reader stops here, nobody waits for it.
      ahead?.catch(() => undefined);
      yield {
        commits: items.map((item) => this.#commitOf(item)),
        ...(last && { next: this.#placeOf(last) }),
      };
    }
  }

  #page({ segment, segments }: TablePart, categories: readonly string[], startKey: Item | undefined) {
    const { name, partitionKey, sortKey } = this.#table;
    const attributes = [partitionKey, sortKey, ...linkedAttributes];
    const names = attributes.map((attribute, index) => [`#a${index}`, attribute] as const);
    const prefixes = categories.map((category, index) => [`:c${index}`, { S: `${category}/` }] as const);
    const scan = {
      TableName: name,
      ConsistentRead: true,
      Segment: segment,
      TotalSegments: segments,
      ExclusiveStartKey: startKey,
      ProjectionExpression: names.map(([placeholder]) => placeholder).join(', '),
      FilterExpression: prefixes.map(([placeholder]) => `begins_with(#a0, ${placeholder})`).join(' OR '),
      ExpressionAttributeNames: Object.fromEntries(names),
      ExpressionAttributeValues: Object.fromEntries(prefixes),
    };
    return whileBusy(() => scanPage(this.#client, scan), this.#effects);
  }

  #commitOf(item: RawItem): ScannedCommit {
    const { partitionKey, sortKey } = this.#table;
    return {
      stream: (item[partitionKey]?.S ?? '') as StreamName,
      version: Number(item[sortKey]?.N),
      read: () => linkedFromItem(item, this.#table),
    };
  }

  #placeOf(key: RawItem): LogPlace {
    const { partitionKey, sortKey } = this.#table;
    return { stream: key[partitionKey]?.S ?? '', version: Number(key[sortKey]?.N) };
  }

  #key({ stream, version }: LogPlace): Item {
    const { partitionKey, sortKey } = this.#table;
    return { [partitionKey]: { S: stream }, [sortKey]: { N: String(version) } };
  }
}
