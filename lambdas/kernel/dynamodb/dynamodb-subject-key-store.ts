import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import type { Effects } from '../effects.ts';
import type { StoredKey, SubjectKeyDestroyer, SubjectKeyStore } from '../subject-keys.ts';
import { type BatchTarget, batchGet, type Item } from './dynamodb-batches.ts';
import type { SimpleTable } from './tables.ts';

/** Maximum number of keys that one page of `createdBefore` reads. */
const pageKeys = 500;

/**
 * The table of keys on DynamoDB. Needs `dynamodb:GetItem` to find one key, `BatchGetItem` to find many, and `PutItem` to create. Only
 * the eraser needs `DeleteItem` to destroy and `Scan` to list.
 */
export class DynamoDBSubjectKeyStore implements SubjectKeyStore, SubjectKeyDestroyer {
  readonly #table: SimpleTable;
  readonly #target: BatchTarget;

  /** `table`: its partition key is the name of the key. */
  constructor(client: DynamoDBClient, table: SimpleTable, effects: Pick<Effects, 'delay' | 'random'>) {
    this.#table = table;
    this.#target = { client, tableName: table.name, effects };
  }

  async find(name: string): Promise<StoredKey | undefined> {
    const get = new GetItemCommand({
      TableName: this.#table.name,
      Key: this.#key(name),
      ConsistentRead: true,
    });
    const { Item } = await this.#target.client.send(get);
    return Item && storedKey(name, Item);
  }

  async findAll(names: readonly string[]): Promise<ReadonlyMap<string, StoredKey>> {
    const { partitionKey } = this.#table;
    // DynamoDB refuses a batch that names a key twice.
    const keys = [...new Set(names)].map((name) => this.#key(name));
    const found = new Map<string, StoredKey>();
    for (const item of await batchGet(this.#target, keys, true)) {
      const name = item[partitionKey]?.S ?? '';
      found.set(name, storedKey(name, item));
    }
    return found;
  }

  async create(name: string, key: StoredKey): Promise<StoredKey> {
    const { id, wrapped, createdAt } = key;
    try {
      await this.#target.client.send(
        new PutItemCommand({
          TableName: this.#table.name,
          Item: {
            ...this.#key(name),
            id: { S: id },
            wrapped: { B: wrapped },
            createdAt: { S: createdAt },
          },
          ConditionExpression: 'attribute_not_exists(#subject)',
          ExpressionAttributeNames: { '#subject': this.#table.partitionKey },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return key;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException) || error.Item === undefined) throw error;
      // Another writer created it, or an earlier attempt of this call, whose answer was lost.
      return storedKey(name, error.Item);
    }
  }

  async destroy(name: string): Promise<void> {
    await this.#target.client.send(
      new DeleteItemCommand({ TableName: this.#table.name, Key: this.#key(name) }),
    );
  }

  async createdBefore(instant: string, after?: string) {
    const { name, partitionKey } = this.#table;
    const { Items = [], LastEvaluatedKey } = await this.#target.client.send(
      new ScanCommand({
        TableName: name,
        ConsistentRead: true,
        Limit: pageKeys,
        ProjectionExpression: '#subject',
        FilterExpression: '#createdAt < :instant',
        ExpressionAttributeNames: { '#subject': partitionKey, '#createdAt': 'createdAt' },
        ExpressionAttributeValues: { ':instant': { S: instant } },
        ExclusiveStartKey: after === undefined ? undefined : this.#key(after),
      }),
    );
    const next = LastEvaluatedKey?.[partitionKey]?.S;
    return {
      names: Items.map((item) => item[partitionKey]?.S ?? ''),
      ...(next !== undefined && { next }),
    };
  }

  #key(name: string): Item {
    return { [this.#table.partitionKey]: { S: name } };
  }
}

/** Throws for an item that is damaged: a key that cannot be read is not a key that is gone. */
function storedKey(name: string, { id, wrapped, createdAt }: Item): StoredKey {
  if (id?.S === undefined || wrapped?.B === undefined)
    throw new Error(`The item of the key of ${name} is damaged: it has no id, or no wrapped key.`);
  return { id: id.S, wrapped: wrapped.B, createdAt: createdAt?.S ?? '' };
}
