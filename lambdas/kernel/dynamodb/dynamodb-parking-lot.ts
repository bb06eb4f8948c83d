import {
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { parkedTable } from '../../../schema/tables.ts';
import { type Parked, type ParkingLot, parkedRecordMaxChars } from '../parking.ts';
import type { Item } from './dynamodb-batches.ts';

const { partitionKey, sortKey } = parkedTable;

/** The parking lot on DynamoDB. Needs `dynamodb:PutItem`, `DeleteItem` and `Query` on the table. */
export class DynamoDBParkingLot implements ParkingLot {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;

  constructor(client: DynamoDBClient, tableName: string) {
    this.#client = client;
    this.#tableName = tableName;
  }

  async park({ consumer, subject, reason, version, record }: Parked): Promise<void> {
    const item: Item = {
      [partitionKey]: { S: consumer },
      [sortKey]: { S: subject },
      reason: { S: reason },
      parkedAt: { S: new Date().toISOString() },
    };
    if (version !== undefined) item['version'] = { N: String(version) };
    if (record !== undefined) item['record'] = { S: record.slice(0, parkedRecordMaxChars) };
    await this.#client.send(new PutItemCommand({ TableName: this.#tableName, Item: item }));
  }

  async release(consumer: string, subject: string): Promise<void> {
    await this.#client.send(
      new DeleteItemCommand({
        TableName: this.#tableName,
        Key: { [partitionKey]: { S: consumer }, [sortKey]: { S: subject } },
      }),
    );
  }

  async list(consumer: string, range: { limit: number; after?: string | undefined }): Promise<Parked[]> {
    const { Items = [] } = await this.#client.send(
      new QueryCommand({
        TableName: this.#tableName,
        ConsistentRead: true,
        KeyConditionExpression: '#consumer = :consumer AND #subject > :after',
        ExpressionAttributeNames: { '#consumer': partitionKey, '#subject': sortKey },
        ExpressionAttributeValues: { ':consumer': { S: consumer }, ':after': { S: range.after || ' ' } },
        Limit: range.limit,
      }),
    );
    return Items.map((item) => ({
      consumer,
      subject: item[sortKey]?.S ?? '',
      reason: item['reason']?.S ?? '',
      version: item['version']?.N === undefined ? undefined : Number(item['version'].N),
      record: item['record']?.S,
    }));
  }
}
