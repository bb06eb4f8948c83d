import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import type { Effects } from '../effects.ts';
import { type Parked, type ParkingLot, parkedRecordMaxChars } from '../parking.ts';
import type { Item } from './dynamodb-batches.ts';
import type { SortedTable } from './tables.ts';

/** The parking lot on DynamoDB. Needs `dynamodb:PutItem`, `DeleteItem` and `Query` on the table. */
export class DynamoDBParkingLot implements ParkingLot {
  readonly #client: DynamoDBClient;
  readonly #table: SortedTable;
  readonly #effects: Pick<Effects, 'now'>;

  /** `table`: its partition key is the consumer, its sort key the subject. */
  constructor(client: DynamoDBClient, table: SortedTable, effects: Pick<Effects, 'now'>) {
    this.#client = client;
    this.#table = table;
    this.#effects = effects;
  }

  async park({ consumer, subject, reason, version, record }: Parked): Promise<void> {
    const item: Item = {
      ...this.#key(consumer, subject),
      reason: { S: reason },
      parkedAt: { S: this.#effects.now() },
    };
    if (version !== undefined) item['version'] = { N: String(version) };
    if (record !== undefined) item['record'] = { S: record.slice(0, parkedRecordMaxChars) };
    await this.#client.send(new PutItemCommand({ TableName: this.#table.name, Item: item }));
  }

  async release(consumer: string, subject: string, reached?: number): Promise<void> {
    try {
      await this.#client.send(
        new DeleteItemCommand({
          TableName: this.#table.name,
          Key: this.#key(consumer, subject),
          ...(reached !== undefined && {
            ConditionExpression: 'attribute_not_exists(#version) OR #version <= :reached',
            ExpressionAttributeNames: { '#version': 'version' },
            ExpressionAttributeValues: { ':reached': { N: String(reached) } },
          }),
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }

  async list(consumer: string, range: { limit: number; after?: string | undefined }): Promise<Parked[]> {
    const { sortKey } = this.#table;
    const items: Item[] = [];
    let startKey: Item | undefined;
    // A page of DynamoDB ends after 1 MB, which a few large records fill.
    do {
      const page = await this.#client.send(
        new QueryCommand({
          ...this.#within(consumer, range.after),
          Limit: range.limit - items.length,
          ExclusiveStartKey: startKey,
        }),
      );
      items.push(...(page.Items ?? []));
      startKey = page.LastEvaluatedKey;
    } while (startKey !== undefined && items.length < range.limit);
    return items.map((item) => ({
      consumer,
      subject: item[sortKey]?.S ?? '',
      reason: item['reason']?.S ?? '',
      version: item['version']?.N === undefined ? undefined : Number(item['version'].N),
      record: item['record']?.S,
    }));
  }

  #within(consumer: string, after: string | undefined) {
    const { name, partitionKey, sortKey } = this.#table;
    return {
      TableName: name,
      ConsistentRead: true,
      KeyConditionExpression: '#consumer = :consumer AND #subject > :after',
      ExpressionAttributeNames: { '#consumer': partitionKey, '#subject': sortKey },
      ExpressionAttributeValues: { ':consumer': { S: consumer }, ':after': { S: after || ' ' } },
    };
  }

  #key(consumer: string, subject: string): Item {
    return { [this.#table.partitionKey]: { S: consumer }, [this.#table.sortKey]: { S: subject } };
  }
}
