import type { AttributeValue, TableDescription } from '@aws-sdk/client-dynamodb';
import { type AwsClient, awsClient } from '../../tools/host/aws-json.ts';
import type { Host } from '../../tools/host/host.ts';

/** An item as DynamoDB has it: each attribute with its type. */
export type Item = Record<string, AttributeValue>;

/** Direct access to the tables and functions of a running host, for states that no route creates. */
export class InsideHost {
  readonly #host: Host;
  readonly #dynamodb: AwsClient;

  constructor(host: Host) {
    this.#host = host;
    this.#dynamodb = awsClient(host.awsUrl, 'dynamodb');
  }

  /** The items of one partition, in the order of their sort keys. `table` is a part of the table's name. */
  async query(table: string, partitionKey: string, value: string): Promise<Item[]> {
    const { Items } = await this.#dynamodb.call<{ Items: Item[] }>('Query', {
      TableName: await this.#tableName(table),
      KeyConditionExpression: '#key = :value',
      ExpressionAttributeNames: { '#key': partitionKey },
      ExpressionAttributeValues: { ':value': { S: value } },
    });
    return Items;
  }

  /** Puts an item, and replaces an existing one. */
  async put(table: string, item: Item): Promise<void> {
    await this.#dynamodb.call('PutItem', { TableName: await this.#tableName(table), Item: item });
  }

  /** Deletes the item with this key. */
  async delete(table: string, key: Item): Promise<void> {
    await this.#dynamodb.call('DeleteItem', { TableName: await this.#tableName(table), Key: key });
  }

  /** Deletes a table with everything in it. The result creates it again, empty. */
  async deleteTable(table: string): Promise<() => Promise<void>> {
    const TableName = await this.#tableName(table);
    const { Table } = await this.#dynamodb.call<{ Table: TableDescription }>('DescribeTable', { TableName });
    await this.#dynamodb.call('DeleteTable', { TableName });
    const indexes = Table.GlobalSecondaryIndexes?.map(({ IndexName, KeySchema, Projection }) => ({
      IndexName,
      KeySchema,
      Projection,
    }));
    return async () => {
      const { AttributeDefinitions, KeySchema } = Table;
      await this.#dynamodb.call('CreateTable', {
        TableName,
        AttributeDefinitions,
        KeySchema,
        BillingMode: 'PAY_PER_REQUEST',
        ...(indexes && { GlobalSecondaryIndexes: indexes }),
      });
    };
  }

  /** Invokes a function and returns its result. `name` is without the stage. Throws when the function fails. */
  async invoke(name: string, event: object): Promise<unknown> {
    const url = `${this.#host.awsUrl}/2015-03-31/functions/streamfold-local-${name}/invocations`;
    const response = await fetch(url, { method: 'POST', body: JSON.stringify(event) });
    const text = await response.text();
    if (!response.ok || response.headers.has('x-amz-function-error'))
      throw new Error(`${name} failed: ${text}`);
    return JSON.parse(text);
  }

  async #tableName(part: string): Promise<string> {
    const { TableNames } = await this.#dynamodb.call<{ TableNames: string[] }>('ListTables', {});
    const [name, ...others] = TableNames.filter((each) => each.includes(part));
    if (name === undefined || others.length > 0) throw new Error(`"${part}" matches no table, or several.`);
    return name;
  }
}
