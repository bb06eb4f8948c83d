import { DeleteItemCommand, type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { forEachConcurrently } from '../concurrency.ts';
import type { Effects } from '../effects.ts';
import type { Item } from './dynamodb-batches.ts';
import type { SimpleTable, SortedTable } from './tables.ts';
import { whileBusy } from './while-busy.ts';

/** A batch would need a permission that also allows to write. */
const maxConcurrentDeletes = 25;

/** A page of what was deleted. */
export interface SweptPage {
  readonly deleted: number;
  /** Pass it as `after` of the next page. Absent at the end of the table. */
  readonly next?: string;
}

/** Deletes everything in a table on DynamoDB. Needs `dynamodb:Scan` and `DeleteItem` on the table. */
export class DynamoDBSweep {
  readonly #client: DynamoDBClient;
  readonly #table: SimpleTable | SortedTable;
  readonly #effects: Pick<Effects, 'delay' | 'random'>;

  constructor(
    client: DynamoDBClient,
    table: SimpleTable | SortedTable,
    effects: Pick<Effects, 'delay' | 'random'>,
  ) {
    this.#client = client;
    this.#table = table;
    this.#effects = effects;
  }

  /** Deletes the next page. `after`: `next` of the page before. Throws `SyntaxError` if it is not. */
  async page(after?: string): Promise<SweptPage> {
    const { name } = this.#table;
    const keys = [this.#table.partitionKey, ...('sortKey' in this.#table ? [this.#table.sortKey] : [])];
    const names = Object.fromEntries(keys.map((key, index) => [`#k${index}`, key]));
    const scan = new ScanCommand({
      TableName: name,
      ProjectionExpression: Object.keys(names).join(', '),
      ExpressionAttributeNames: names,
      ExclusiveStartKey: after === undefined ? undefined : (JSON.parse(after) as Item),
    });
    const { Items = [], LastEvaluatedKey } = await whileBusy(() => this.#client.send(scan), this.#effects);
    await forEachConcurrently(Items, maxConcurrentDeletes, (Key) => {
      const remove = new DeleteItemCommand({ TableName: name, Key });
      return whileBusy(() => this.#client.send(remove), this.#effects);
    });
    return { deleted: Items.length, ...(LastEvaluatedKey && { next: JSON.stringify(LastEvaluatedKey) }) };
  }
}
