import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Bookmarks } from '../bookmarks.ts';
import {
  type BatchProgress,
  type BatchProgressBoard,
  isBefore,
  type NotedProgress,
  type ShardProgress,
} from '../progress.ts';
import type { Item } from './dynamodb-batches.ts';
import {
  type NotedAttributes,
  orderedOf,
  reachedAttribute,
  readProgress,
  unfinishedAttribute,
} from './progress-attributes.ts';
import type { SimpleTable } from './tables.ts';

/**
 * Facts about the running system on DynamoDB: progress of consumers, places of runs, and secrets that all functions share.
 * Needs `dynamodb:GetItem`, `PutItem` and `UpdateItem` on the table.
 */
export class DynamoDBControl implements BatchProgressBoard, Bookmarks {
  readonly #client: DynamoDBClient;
  readonly #table: SimpleTable;

  constructor(client: DynamoDBClient, table: SimpleTable) {
    this.#client = client;
    this.#table = table;
  }

  async note(consumer: string, progress: readonly ShardProgress[]): Promise<void> {
    await this.#moveForward(consumer, progress);
  }

  async noteBatch(consumer: string, batch: BatchProgress): Promise<void> {
    const { shardId, reached, handled, unfinished } = batch;
    // The answer of the first write has the unfinished records, so a batch without them costs one write.
    const marks = reached === undefined ? [] : await this.#moveForward(consumer, [reached]);
    const finished = marks.filter((mark) => mark.shardId === shardId && handled.has(mark.sequenceNumber));
    if (finished.length === 0 && unfinished === undefined) return;
    await this.#mark(consumer, unfinished, finished);
  }

  async read(consumer: string): Promise<NotedProgress[]> {
    const item = await this.#get(this.#key(`progress/${consumer}`));
    const { reached, unfinished } = this.#attributesOf(item);
    return reached.map((one) => {
      const own = unfinished
        .filter(({ shardId }) => shardId === one.shardId)
        .map(({ sequenceNumber, committedAt }) => ({ sequenceNumber, committedAt }));
      return { ...one, ...(own.length > 0 && { unfinished: own }) };
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

  /**
   * Moves shards forward, and returns all unfinished records of the consumer. One write for all shards. If one of them
   * is further already, one write for each of the others.
   */
  async #moveForward(
    consumer: string,
    progress: readonly ShardProgress[],
  ): Promise<readonly ShardProgress[]> {
    if (progress.length === 0) return [];
    try {
      return this.#attributesOf(await this.#set(consumer, progress)).unfinished;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const { reached, unfinished } = this.#attributesOf(error.Item);
      const ahead = progress.filter((one) =>
        reached.some((other) => other.shardId === one.shardId && !isBefore(other, one)),
      );
      // None is ahead if another note came in between: each then decides by itself.
      if (progress.length === 1 || ahead.length === progress.length) return unfinished;
      for (const one of progress) if (!ahead.includes(one)) await this.#moveForward(consumer, [one]);
      return unfinished;
    }
  }

  /** Sets the progress of these shards if all of them are before it. Returns the item after it. */
  async #set(consumer: string, progress: readonly ShardProgress[]): Promise<Item | undefined> {
    // One attribute per shard: consumers of different shards do not overwrite each other.
    const names = progress.map(({ shardId }, index) => [`#shard${index}`, reachedAttribute(shardId)]);
    const values = progress.map((one, index) => [`:at${index}`, { S: orderedOf(one) }]);
    const isFurther = (index: number) =>
      `(attribute_not_exists(#shard${index}) OR #shard${index} < :at${index})`;
    const { Attributes } = await this.#client.send(
      new UpdateItemCommand({
        TableName: this.#table.name,
        Key: this.#key(`progress/${consumer}`),
        UpdateExpression: `SET ${progress.map((_, index) => `#shard${index} = :at${index}`).join(', ')}`,
        ConditionExpression: progress.map((_, index) => isFurther(index)).join(' AND '),
        ExpressionAttributeNames: Object.fromEntries(names),
        ExpressionAttributeValues: Object.fromEntries(values),
        ReturnValues: 'ALL_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return Attributes;
  }

  async #mark(
    consumer: string,
    unfinished: ShardProgress | undefined,
    finished: readonly ShardProgress[],
  ): Promise<void> {
    const names = [...(unfinished ? [unfinished] : []), ...finished].map((mark, index) => [
      `#mark${index}`,
      unfinishedAttribute(mark),
    ]);
    const removed = names.slice(unfinished ? 1 : 0).map(([name]) => name);
    const parts = [
      ...(unfinished ? ['SET #mark0 = :at'] : []),
      ...(removed.length > 0 ? [`REMOVE ${removed.join(', ')}`] : []),
    ];
    await this.#client.send(
      new UpdateItemCommand({
        TableName: this.#table.name,
        Key: this.#key(`progress/${consumer}`),
        UpdateExpression: parts.join(' '),
        ExpressionAttributeNames: Object.fromEntries(names),
        ...(unfinished && { ExpressionAttributeValues: { ':at': { S: unfinished.committedAt } } }),
      }),
    );
  }

  #attributesOf(item: Item | undefined): NotedAttributes {
    return readProgress(item ?? {}, this.#table.partitionKey);
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
