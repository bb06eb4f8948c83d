import { type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { Effects } from '../effects.ts';
import type { TablePart } from '../rebuild/log-scan.ts';
import type { RemovedPage, RowPage, RowScan, RowSweep } from '../rebuild/row-scan.ts';
import { batchDelete, type Item } from './dynamodb-batches.ts';
import { dataOf, ReadModelKeys, rowSortKey, versionOf } from './read-model-items.ts';
import type { SortedTable } from './tables.ts';
import { whileBusy } from './while-busy.ts';

/**
 * Scans a read model on DynamoDB. It reads the whole table, with its lines, and drops what is not asked for. Needs `dynamodb:Scan` on
 * the table, and `BatchWriteItem` to delete.
 */
export class DynamoDBRowScan<Row> implements RowScan<Row>, RowSweep {
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
    range: { readonly generations: readonly string[]; readonly after?: string | undefined },
  ): AsyncIterable<RowPage<Row>> {
    const { partitionKey, sortKey } = this.#table;
    const filters = range.generations.map((_, index) => `begins_with(#pk, :g${index})`);
    for (let startKey = keyOf(range.after); ; ) {
      const { items, last } = await this.#page(part, startKey, {
        ExpressionAttributeNames: { '#pk': partitionKey, '#sk': sortKey },
        FilterExpression: `#sk = :row AND (${filters.join(' OR ')})`,
        ExpressionAttributeValues: {
          ':row': { S: rowSortKey },
          ...Object.fromEntries(range.generations.map((name, index) => [`:g${index}`, { S: `${name}#` }])),
        },
      });
      const rows = items.map((item) => {
        const generation = generationOf(item[partitionKey]?.S ?? '');
        const id = new ReadModelKeys(this.#table, generation).idOf(item);
        return { generation, id, version: versionOf(item), row: readableRow<Row>(item) };
      });
      yield { rows, ...(last && { next: JSON.stringify(last) }) };
      if (last === undefined) return;
      startKey = last;
    }
  }

  async removePage(
    part: TablePart,
    { generation, after }: { readonly generation: string; readonly after?: string | undefined },
  ): Promise<RemovedPage> {
    const { name, partitionKey, sortKey } = this.#table;
    const startKey = keyOf(after);
    const { items, last } = await this.#page(part, startKey, {
      ExpressionAttributeNames: { '#pk': partitionKey, '#sk': sortKey },
      FilterExpression: 'begins_with(#pk, :generation)',
      ExpressionAttributeValues: { ':generation': { S: `${generation}#` } },
      ProjectionExpression: '#pk, #sk',
    });
    const isOwn = startKey?.[partitionKey]?.S?.startsWith(`${generation}#`) ?? false;
    const before = startKey !== undefined && isOwn ? [startKey] : [];
    const lastPlace = last && this.#placeOf(last);
    const gone = [...before, ...items.filter((item) => this.#placeOf(item) !== lastPlace)];
    const target = { client: this.#client, tableName: name, effects: this.#effects };
    await whileBusy(() => batchDelete(target, gone), this.#effects);
    const rows = gone.filter((item) => item[sortKey]?.S === rowSortKey).length;
    const hasFound = gone.length + items.length > 0;
    return { rows, lines: gone.length - rows, hasFound, ...(last && { next: JSON.stringify(last) }) };
  }

  #placeOf(item: Item): string {
    const { partitionKey, sortKey } = this.#table;
    return JSON.stringify([item[partitionKey], item[sortKey]]);
  }

  async #page(
    { segment, segments }: TablePart,
    startKey: Item | undefined,
    filter: Omit<ConstructorParameters<typeof ScanCommand>[0], 'TableName'>,
  ): Promise<{ readonly items: readonly Item[]; readonly last: Item | undefined }> {
    const scan = new ScanCommand({
      ...filter,
      TableName: this.#table.name,
      ConsistentRead: true,
      Segment: segment,
      TotalSegments: segments,
      ExclusiveStartKey: startKey,
    });
    const { Items = [], LastEvaluatedKey } = await whileBusy(() => this.#client.send(scan), this.#effects);
    return { items: Items, last: LastEvaluatedKey };
  }
}

function keyOf(place: string | undefined): Item | undefined {
  return place === undefined ? undefined : JSON.parse(place);
}

/** Undefined for a row that is no JSON: the scan goes on. */
function readableRow<Row>(item: Item): Row | undefined {
  try {
    return dataOf<Row>(item);
  } catch {
    return undefined;
  }
}

/** The generation of a partition key: its text before the first `#`. */
function generationOf(partition: string): string {
  return partition.slice(0, partition.indexOf('#'));
}
