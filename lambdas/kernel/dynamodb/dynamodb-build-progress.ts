import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { BuildHolds } from '../rebuild/build-holds.ts';
import type { PartName, PartProgress, ProgressStore, StoredProgress } from '../rebuild/part-progress.ts';
import type { Item } from './dynamodb-batches.ts';
import type { SimpleTable } from './tables.ts';

/**
 * The progress of builds in the control table: an item `rebuild/<read model>/<generation>/<phase>/<segment>` for each part, and
 * `.../hold` for the run that works on it. Needs `dynamodb:GetItem` and `PutItem`.
 */
export class DynamoDBBuildProgress implements ProgressStore, BuildHolds {
  readonly #client: DynamoDBClient;
  readonly #table: SimpleTable;

  constructor(client: DynamoDBClient, table: SimpleTable) {
    this.#client = client;
    this.#table = table;
  }

  async load(part: PartName): Promise<StoredProgress | undefined> {
    const item = await this.#get(nameOf(part));
    return item && { revision: Number(item['revision']?.N), progress: JSON.parse(item['progress']?.S ?? '') };
  }

  async save(part: PartName, revision: number, progress: PartProgress): Promise<'saved' | 'stale'> {
    const item = {
      ...this.#key(nameOf(part)),
      revision: { N: String(revision + 1) },
      progress: { S: JSON.stringify(progress) },
    };
    const isSaved = await this.#put(item, {
      ConditionExpression: revision === 0 ? 'attribute_not_exists(#revision)' : '#revision = :revision',
      ExpressionAttributeNames: { '#revision': 'revision' },
      ...(revision > 0 && { ExpressionAttributeValues: { ':revision': { N: String(revision) } } }),
    });
    return isSaved ? 'saved' : 'stale';
  }

  async hold(build: string, owner: string, { now, until }: { readonly now: string; readonly until: string }) {
    const item = { ...this.#key(`rebuild/${build}/hold`), owner: { S: owner }, heldUntil: { S: until } };
    return this.#put(item, {
      ConditionExpression: 'attribute_not_exists(#owner) OR #owner = :owner OR #until <= :now',
      ExpressionAttributeNames: { '#owner': 'owner', '#until': 'heldUntil' },
      ExpressionAttributeValues: { ':owner': { S: owner }, ':now': { S: now } },
    });
  }

  async heldUntil(build: string): Promise<string | undefined> {
    return (await this.#get(`rebuild/${build}/hold`))?.['heldUntil']?.S;
  }

  /** False if the condition is not met. */
  async #put(
    item: Item,
    condition: Omit<ConstructorParameters<typeof PutItemCommand>[0], 'TableName' | 'Item'>,
  ) {
    try {
      await this.#client.send(new PutItemCommand({ ...condition, TableName: this.#table.name, Item: item }));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  async #get(name: string): Promise<Item | undefined> {
    const { Item } = await this.#client.send(
      new GetItemCommand({ TableName: this.#table.name, Key: this.#key(name), ConsistentRead: true }),
    );
    return Item;
  }

  #key(name: string): Item {
    return { [this.#table.partitionKey]: { S: name } };
  }
}

function nameOf({ readModel, generation, phase, segment }: PartName): string {
  return `rebuild/${readModel}/${generation}/${phase}/${segment}`;
}
