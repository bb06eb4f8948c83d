import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { controlTable } from '../../../schema/tables.ts';
import type { ProgressBoard, ShardProgress } from '../progress.ts';
import type { Item } from './dynamodb-batches.ts';

const { partitionKey } = controlTable;

/** Small facts about the running system, on DynamoDB. Needs `dynamodb:GetItem`, `PutItem` and `UpdateItem` on the table. */
export class DynamoDBControl implements ProgressBoard {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;

  constructor(client: DynamoDBClient, tableName: string) {
    this.#client = client;
    this.#tableName = tableName;
  }

  async note(consumer: string, progress: readonly ShardProgress[]): Promise<void> {
    if (progress.length === 0) return;
    // One attribute a shard: consumers of different shards never overwrite each other.
    const names = Object.fromEntries(progress.map(({ shardId }, index) => [`#shard${index}`, shardId]));
    const values = Object.fromEntries(
      progress.map(({ sequenceNumber, committedAt }, index) => [
        `:at${index}`,
        { S: `${sequenceNumber} ${committedAt}` },
      ]),
    );
    const sets = progress.map((_, index) => `#shard${index} = :at${index}`);
    await this.#client.send(
      new UpdateItemCommand({
        TableName: this.#tableName,
        Key: progressKey(consumer),
        UpdateExpression: `SET ${sets.join(', ')}`,
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: values,
      }),
    );
  }

  async read(consumer: string): Promise<ShardProgress[]> {
    const item = await this.#get(progressKey(consumer));
    return Object.entries(item ?? {}).flatMap(([shardId, value]) => {
      const [sequenceNumber, committedAt] = value.S?.split(' ') ?? [];
      if (shardId === partitionKey || !sequenceNumber || !committedAt) return [];
      return [{ shardId, sequenceNumber, committedAt }];
    });
  }

  /** A secret that all functions share: made by whoever asks first, the same ever after. */
  async sharedSecret(name: string, make: () => Buffer): Promise<Buffer> {
    const key = { [partitionKey]: { S: `secret/${name}` } };
    const present = (await this.#get(key))?.['secret']?.B;
    if (present) return Buffer.from(present);
    const secret = make();
    try {
      await this.#client.send(
        new PutItemCommand({
          TableName: this.#tableName,
          Item: { ...key, secret: { B: secret } },
          ConditionExpression: 'attribute_not_exists(#name)',
          ExpressionAttributeNames: { '#name': partitionKey },
        }),
      );
      return secret;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const winner = (await this.#get(key))?.['secret']?.B;
      if (!winner)
        throw new Error(`The shared secret "${name}" was made by another function but cannot be read.`);
      return Buffer.from(winner);
    }
  }

  async #get(key: Item): Promise<Item | undefined> {
    const { Item } = await this.#client.send(
      new GetItemCommand({ TableName: this.#tableName, Key: key, ConsistentRead: true }),
    );
    return Item;
  }
}

function progressKey(consumer: string): Item {
  return { [partitionKey]: { S: `progress/${consumer}` } };
}
