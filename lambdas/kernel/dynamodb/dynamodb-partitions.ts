import { type AttributeValue, type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { Effects } from '../effects.ts';
import type { PartitionPage, Partitions } from '../verify/partitions.ts';
import type { SortedTable } from './tables.ts';
import { whileBusy } from './while-busy.ts';

/** A table, and a sort key that is after all of its sort keys. */
export interface PartitionedTable extends SortedTable {
  readonly lastSortKey: AttributeValue;
}

/** The partition keys of a table on DynamoDB. Needs `dynamodb:Scan` on the table. */
export class DynamoDBPartitions implements Partitions {
  readonly #client: DynamoDBClient;
  readonly #table: PartitionedTable;
  readonly #effects: Pick<Effects, 'delay' | 'random'>;

  constructor(client: DynamoDBClient, table: PartitionedTable, effects: Pick<Effects, 'delay' | 'random'>) {
    this.#client = client;
    this.#table = table;
    this.#effects = effects;
  }

  async after(place: string | undefined, limit: number): Promise<PartitionPage> {
    const { name, partitionKey, sortKey, lastSortKey } = this.#table;
    const scan = new ScanCommand({
      TableName: name,
      // Of items: a page that begins with a large partition has no other one.
      Limit: limit,
      ProjectionExpression: '#pk',
      ExpressionAttributeNames: { '#pk': partitionKey },
      // A key need not exist. A scan continues behind its place in the order of the hashes.
      ...(place !== undefined && {
        ExclusiveStartKey: { [partitionKey]: { S: place }, [sortKey]: lastSortKey },
      }),
    });
    const { Items = [], LastEvaluatedKey } = await whileBusy(() => this.#client.send(scan), this.#effects);
    return {
      partitions: [...new Set(Items.map((item) => item[partitionKey]?.S ?? ''))],
      isEnd: LastEvaluatedKey === undefined,
    };
  }
}
