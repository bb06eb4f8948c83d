import {
  type AttributeValue,
  DynamoDBClient,
  ListTablesCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import type { StoredEvent, StreamName } from '../../../lambdas/kernel/index.ts';
import type { ContextName } from '../../../schema/contexts.ts';
import { eventLogTable } from '../../../schema/tables.ts';
import { credentials, region } from '../../../tools/host/aws-json.ts';
import type { RecordedHistory } from '../history.ts';
import { appendOrder } from './append-order.ts';

/** An item as DynamoDB has it. */
export type Item = Record<string, AttributeValue>;

/** A commit as it is stored, without a look at its hash: the checks judge it. */
export interface StoredCommit {
  readonly stream: StreamName;
  readonly version: number;
  readonly commandId: string;
  readonly committedAt: string;
  readonly events: readonly StoredEvent[];
}

/** Reads the tables of a running host, and changes them for tests of the checks. */
export class StoredTables {
  readonly client: DynamoDBClient;
  readonly #awsUrl: string;
  readonly #names: readonly string[];

  private constructor(client: DynamoDBClient, awsUrl: string, names: readonly string[]) {
    this.client = client;
    this.#awsUrl = awsUrl;
    this.#names = names;
  }

  /** `awsUrl`: where the host answers calls of SDKs. */
  static async of(awsUrl: string): Promise<StoredTables> {
    const client = new DynamoDBClient({ endpoint: awsUrl, region, credentials });
    const { TableNames = [] } = await client.send(new ListTablesCommand({}));
    return new StoredTables(client, awsUrl, TableNames);
  }

  /** The name of the event log's table. */
  get logName(): string {
    return this.#name('EventLogTable');
  }

  /** The commits of the log in the order of their appends. */
  async commits(): Promise<readonly StoredCommit[]> {
    const items = await this.#scan(this.logName);
    const placeOf = await appendOrder(this.#awsUrl, this.logName);
    return items
      .map(commitOf)
      .sort((a, b) => placeOf(a.stream, a.version) - placeOf(b.stream, b.version) || a.version - b.version);
  }

  /** All items of a read model, of every generation. */
  async readModel(name: ContextName): Promise<readonly Item[]> {
    return this.#scan(this.#name(`${name[0]?.toUpperCase()}${name.slice(1)}ReadModelTable`));
  }

  /** What is parked now. */
  async parked(): Promise<RecordedHistory['parked']> {
    const items = await this.#scan(this.#name('ControlParked'));
    return items.map(({ consumer, subject, reason }) => ({
      consumer: consumer?.S ?? '',
      subject: subject?.S ?? '',
      reason: reason?.S ?? '',
    }));
  }

  async #scan(TableName: string): Promise<readonly Item[]> {
    const items: Item[] = [];
    let startKey: Item | undefined;
    do {
      const page = await this.client.send(
        new ScanCommand({ TableName, ConsistentRead: true, ExclusiveStartKey: startKey }),
      );
      items.push(...(page.Items ?? []));
      startKey = page.LastEvaluatedKey;
    } while (startKey !== undefined);
    return items;
  }

  /** CloudFormation's names end with 8 digits of a hash. */
  #name(logicalId: string): string {
    const pattern = new RegExp(`-${logicalId}[0-9A-F]{8}$`);
    const found = this.#names.find((name) => pattern.test(name));
    if (found === undefined) throw new Error(`There is no table ${logicalId}.`);
    return found;
  }
}

function commitOf(item: Item): StoredCommit {
  return {
    stream: item[eventLogTable.partitionKey]?.S as StreamName,
    version: Number(item[eventLogTable.sortKey]?.N),
    commandId: item['commandId']?.S ?? '',
    committedAt: item['committedAt']?.S ?? '',
    events: JSON.parse(item['events']?.S ?? '[]'),
  };
}
