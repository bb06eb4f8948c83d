import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Bookmarks } from '../bookmarks.ts';
import type { ProgressBoard, ShardProgress } from '../progress.ts';
import type { Item } from './dynamodb-batches.ts';
import type { SimpleTable } from './tables.ts';

/**
 * Facts about the running system on DynamoDB: progress of consumers, places of runs, and secrets that all functions share.
 * Needs `dynamodb:GetItem`, `PutItem` and `UpdateItem` on the table.
 */
export class DynamoDBControl implements ProgressBoard, Bookmarks {
  readonly #client: DynamoDBClient;
  readonly #table: SimpleTable;

  constructor(client: DynamoDBClient, table: SimpleTable) {
    this.#client = client;
    this.#table = table;
  }

  async note(consumer: string, progress: readonly ShardProgress[]): Promise<void> {
    if (progress.length === 0) return;
    // One attribute per shard: consumers of different shards do not overwrite each other.
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
        TableName: this.#table.name,
        Key: this.#key(`progress/${consumer}`),
        UpdateExpression: `SET ${sets.join(', ')}`,
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: values,
      }),
    );
  }

  async read(consumer: string): Promise<ShardProgress[]> {
    const item = await this.#get(this.#key(`progress/${consumer}`));
    return Object.entries(item ?? {}).flatMap(([shardId, value]) => {
      const [sequenceNumber, committedAt] = value.S?.split(' ') ?? [];
      if (shardId === this.#table.partitionKey || !sequenceNumber || !committedAt) return [];
      return [{ shardId, sequenceNumber, committedAt }];
    });
  }

  async place(name: string): Promise<string | undefined> {
    return (await this.#get(this.#key(`place/${name}`)))?.['place']?.S;
  }

  async notePlace(name: string, place: string | undefined): Promise<void> {
    const Item = { ...this.#key(`place/${name}`), ...(place !== undefined && { place: { S: place } }) };
    await this.#client.send(new PutItemCommand({ TableName: this.#table.name, Item }));
  }

  /** A secret that all functions share. The first call creates and stores it; later calls return the stored one. */
  async sharedSecret(name: string, make: () => Buffer): Promise<Buffer> {
    const key = this.#key(`secret/${name}`);
    const present = (await this.#get(key))?.['secret']?.B;
    if (present) return Buffer.from(present);
    const secret = make();
    try {
      await this.#client.send(
        new PutItemCommand({
          TableName: this.#table.name,
          Item: { ...key, secret: { B: secret } },
          ConditionExpression: 'attribute_not_exists(#name)',
          ExpressionAttributeNames: { '#name': this.#table.partitionKey },
        }),
      );
      return secret;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const stored = (await this.#get(key))?.['secret']?.B;
      if (!stored)
        throw new Error(`Another function stored the shared secret "${name}", but it cannot be read.`);
      return Buffer.from(stored);
    }
  }

  async #get(key: Item): Promise<Item | undefined> {
    const { Item } = await this.#client.send(
      new GetItemCommand({ TableName: this.#table.name, Key: key, ConsistentRead: true }),
    );
    return Item;
  }

  #key(name: string): Item {
    return { [this.#table.partitionKey]: { S: name } };
  }
}
