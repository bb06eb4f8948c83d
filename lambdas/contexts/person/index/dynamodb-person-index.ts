import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  type TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import type { Effects } from '../../../kernel/index.ts';
import type { IndexItems, ItemChange, ItemKey } from './index-items.ts';
import { StoredPersonIndex } from './stored-person-index.ts';

/** Reasons of a cancelled transaction that another writer gives. */
const otherWriter: ReadonlySet<string | undefined> = new Set([
  'ConditionalCheckFailed',
  'TransactionConflict',
]);

/** The table of the index, and the names of its keys. */
export interface PersonIndexTable {
  readonly name: string;
  readonly partitionKey: string;
  readonly sortKey: string;
}

/**
 * The index of persons on DynamoDB. Reading needs `dynamodb:GetItem` and `Query` on the table; changes need `PutItem`, `DeleteItem` and
 * `ConditionCheckItem` too, in transactions.
 */
export class DynamoDBPersonIndex extends StoredPersonIndex {
  constructor(client: DynamoDBClient, table: PersonIndexTable, effects: Pick<Effects, 'delay' | 'random'>) {
    super(new DynamoDBIndexItems(client, table), effects);
  }
}

/** Items on DynamoDB. */
class DynamoDBIndexItems implements IndexItems {
  readonly #client: DynamoDBClient;
  readonly #table: PersonIndexTable;

  constructor(client: DynamoDBClient, table: PersonIndexTable) {
    this.#client = client;
    this.#table = table;
  }

  async get(key: ItemKey): Promise<string | undefined> {
    const { Item } = await this.#client.send(
      new GetItemCommand({ TableName: this.#table.name, Key: this.#key(key), ConsistentRead: true }),
    );
    return Item && textOf(Item);
  }

  async page(pk: string, { prefix, after, limit }: Parameters<IndexItems['page']>[1]) {
    const { name, partitionKey, sortKey } = this.#table;
    const { Items = [] } = await this.#client.send(
      new QueryCommand({
        TableName: name,
        ConsistentRead: true,
        Limit: limit,
        KeyConditionExpression: `#pk = :pk${prefix === '' ? '' : ' AND begins_with(#sk, :prefix)'}`,
        ExpressionAttributeNames: { '#pk': partitionKey, ...(prefix !== '' && { '#sk': sortKey }) },
        ExpressionAttributeValues: { ':pk': { S: pk }, ...(prefix !== '' && { ':prefix': { S: prefix } }) },
        ...(after !== undefined && { ExclusiveStartKey: this.#key({ pk, sk: after }) }),
      }),
    );
    return Items.map((item) => ({ sk: item[sortKey]?.S ?? '', value: textOf(item) }));
  }

  async write(changes: readonly ItemChange[]): Promise<boolean> {
    try {
      await this.#client.send(
        new TransactWriteItemsCommand({ TransactItems: changes.map((change) => this.#operation(change)) }),
      );
      return true;
    } catch (error) {
      if (!isOfOtherWriter(error)) throw error;
      return false;
    }
  }

  #operation(change: ItemChange): TransactWriteItem {
    const TableName = this.#table.name;
    const condition = this.#asSeen(change.seen);
    if (change.value === change.seen)
      return { ConditionCheck: { TableName, Key: this.#key(change), ...condition } };
    if (change.value === undefined) return { Delete: { TableName, Key: this.#key(change), ...condition } };
    return {
      Put: { TableName, Item: { ...this.#key(change), value: { S: change.value } }, ...condition },
    };
  }

  #asSeen(seen: string | undefined) {
    if (seen === undefined)
      return {
        ConditionExpression: 'attribute_not_exists(#pk)',
        ExpressionAttributeNames: { '#pk': this.#table.partitionKey },
      };
    return {
      ConditionExpression: '#value = :seen',
      ExpressionAttributeNames: { '#value': 'value' },
      ExpressionAttributeValues: { ':seen': { S: seen } },
    };
  }

  #key({ pk, sk }: ItemKey): Record<string, AttributeValue> {
    return { [this.#table.partitionKey]: { S: pk }, [this.#table.sortKey]: { S: sk } };
  }
}

function textOf(item: Record<string, AttributeValue>): string {
  const value = item['value']?.S;
  if (value === undefined) throw new Error('An item of the index of persons has no value.');
  return value;
}

/** True if every reason is another writer. A transaction with a throttled item is an outage. */
function isOfOtherWriter(error: unknown): boolean {
  if (!(error instanceof Error) || error.name !== 'TransactionCanceledException') return false;
  const reasons = (error as TransactionCanceledException).CancellationReasons ?? [];
  const given = reasons.map(({ Code }) => Code).filter((code) => code !== undefined && code !== 'None');
  return given.length > 0 && given.every((code) => otherWriter.has(code));
}
