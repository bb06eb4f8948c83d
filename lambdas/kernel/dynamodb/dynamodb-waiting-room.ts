import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { StreamName } from '../commit.ts';
import type { Effects } from '../effects.ts';
import { type WaitingCommit, type WaitingRoom, type WaitingRow, waitingKey } from '../waiting.ts';
import { type BatchTarget, batchDelete, batchPut, type Item } from './dynamodb-batches.ts';
import type { SortedTable } from './tables.ts';

/**
 * The waiting room on DynamoDB. Needs `dynamodb:BatchWriteItem` and `Query` on the table. All commits that wait for one
 * destination are in one partition, which accepts 1,000 writes a second.
 */
export class DynamoDBWaitingRoom implements WaitingRoom {
  readonly #table: SortedTable;
  readonly #target: BatchTarget;

  /** `table`: its partition key is the destination, its sort key the key of the commit. */
  constructor(client: DynamoDBClient, table: SortedTable, effects: Pick<Effects, 'delay' | 'random'>) {
    this.#table = table;
    this.#target = { client, tableName: table.name, effects };
  }

  async add(commits: readonly WaitingCommit[]): Promise<void> {
    const items = commits.map((commit): Item => {
      const { destination, stream, version, committedAt, waitingSince } = commit;
      return {
        ...this.#key({ destination, key: waitingKey(commit) }),
        stream: { S: stream },
        version: { N: String(version) },
        committedAt: { S: committedAt },
        waitingSince: { S: waitingSince },
      };
    });
    await batchPut(this.#target, this.#distinct(items));
  }

  async oldest(destination: string, limit: number, after?: string): Promise<WaitingRow[]> {
    const { partitionKey, sortKey } = this.#table;
    const { Items = [] } = await this.#target.client.send(
      new QueryCommand({
        TableName: this.#table.name,
        ConsistentRead: true,
        KeyConditionExpression: '#destination = :destination',
        ExpressionAttributeNames: { '#destination': partitionKey },
        ExpressionAttributeValues: { ':destination': { S: destination } },
        Limit: limit,
        ExclusiveStartKey: after === undefined ? undefined : this.#key({ destination, key: after }),
      }),
    );
    return Items.map((item) => ({
      destination,
      key: item[sortKey]?.S ?? '',
      stream: (item['stream']?.S ?? '') as StreamName,
      version: Number(item['version']?.N),
      committedAt: item['committedAt']?.S ?? '',
      waitingSince: item['waitingSince']?.S ?? '',
    }));
  }

  async remove(rows: readonly WaitingRow[]): Promise<void> {
    await batchDelete(this.#target, this.#distinct(rows.map((row) => this.#key(row))));
  }

  #key({ destination, key }: Pick<WaitingRow, 'destination' | 'key'>): Item {
    return { [this.#table.partitionKey]: { S: destination }, [this.#table.sortKey]: { S: key } };
  }

  /** DynamoDB refuses a batch that names a key twice. */
  #distinct(items: readonly Item[]): Item[] {
    const { partitionKey, sortKey } = this.#table;
    const byKey = items.map((item) => [`${item[partitionKey]?.S} ${item[sortKey]?.S}`, item] as const);
    return [...new Map(byKey).values()];
  }
}
