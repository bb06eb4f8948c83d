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
import { type NotedAttributes, notedIn, readProgress } from './progress-attributes.ts';
import { isEmpty, type ProgressChange, progressUpdate } from './progress-update.ts';
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
    await this.#moveForward(consumer, { reached: progress });
  }

  async noteBegin(consumer: string, first: ShardProgress): Promise<NotedProgress | undefined> {
    const item = await this.#write(consumer, { unfinished: first });
    return notedIn(this.#attributesOf(item)).find(({ shardId }) => shardId === first.shardId);
  }

  async noteBatch(
    consumer: string,
    { shardId, reached, handled, unfinished, begun }: BatchProgress,
  ): Promise<void> {
    const isHandled = ({ sequenceNumber }: Pick<ShardProgress, 'sequenceNumber'>) =>
      handled.has(sequenceNumber);
    const known = begun ? [begun.first, ...(begun.noted?.unfinished ?? [])] : [];
    const isFurther = reached !== undefined && (begun?.noted === undefined || isBefore(begun.noted, reached));
    const marks = await this.#moveForward(consumer, {
      reached: isFurther ? [reached] : [],
      unfinished,
      finished: known.filter(isHandled).map((mark) => ({ ...mark, shardId })),
    });
    // The answer has all unfinished records, so a batch that finds none from before costs one write.
    const finished = marks.filter((mark) => mark.shardId === shardId && isHandled(mark));
    if (finished.length > 0) await this.#write(consumer, { finished });
  }

  async read(consumer: string): Promise<NotedProgress[]> {
    return notedIn(this.#attributesOf(await this.#get(this.#key(`progress/${consumer}`))));
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
   * Moves shards forward and changes marks, and returns all unfinished records of the consumer. One write for all. If one of
   * the shards is further already, one write for each of the others, and one for the marks.
   */
  async #moveForward(consumer: string, change: ProgressChange): Promise<readonly ShardProgress[]> {
    const { reached = [], ...marks } = change;
    if (isEmpty(change)) return [];
    try {
      return this.#attributesOf(await this.#write(consumer, change)).unfinished;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const noted = this.#attributesOf(error.Item);
      const ahead = reached.filter((one) =>
        noted.reached.some((other) => other.shardId === one.shardId && !isBefore(other, one)),
      );
      // None is ahead if another note came in between: each then decides by itself.
      if (reached.length > 1 && ahead.length < reached.length) {
        for (const one of reached)
          if (!ahead.includes(one)) await this.#moveForward(consumer, { reached: [one] });
      }
      if (isEmpty(marks)) return noted.unfinished;
      return this.#attributesOf(await this.#write(consumer, marks)).unfinished;
    }
  }

  /** Carries out a change, if all shards of `reached` are before it. Returns the item after it. */
  async #write(consumer: string, change: ProgressChange): Promise<Item | undefined> {
    const { Attributes } = await this.#client.send(
      new UpdateItemCommand({
        TableName: this.#table.name,
        Key: this.#key(`progress/${consumer}`),
        ...progressUpdate(change),
        ReturnValues: 'ALL_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return Attributes;
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
