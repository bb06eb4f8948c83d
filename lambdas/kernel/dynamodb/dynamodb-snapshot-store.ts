import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { StreamName } from '../commit.ts';
import type { Snapshot, SnapshotStore } from '../snapshot-store.ts';
import type { SimpleTable } from './tables.ts';

/** Snapshots on DynamoDB. Needs `dynamodb:GetItem` and `PutItem` on the table. */
export class DynamoDBSnapshotStore implements SnapshotStore {
  readonly #client: DynamoDBClient;
  readonly #table: SimpleTable;

  /** `table`: its partition key is the stream. */
  constructor(client: DynamoDBClient, table: SimpleTable) {
    this.#client = client;
    this.#table = table;
  }

  async load(stream: StreamName): Promise<Snapshot | undefined> {
    // Eventually consistent, which costs half as much: see SnapshotStore.load.
    const { Item } = await this.#client.send(
      new GetItemCommand({ TableName: this.#table.name, Key: { [this.#table.partitionKey]: { S: stream } } }),
    );
    if (!Item) return undefined;
    return {
      stream,
      version: Number(Item['version']?.N),
      stateVersion: Number(Item['stateVersion']?.N),
      state: JSON.parse(Item['state']?.S ?? 'null'),
      committedAt: Item['committedAt']?.S ?? '',
      ...(Item['hash'] && { hash: Item['hash'].S ?? '' }),
      commands: Item['commands']?.B ?? new Uint8Array(),
    };
  }

  async save(snapshot: Snapshot, { replace = false } = {}): Promise<void> {
    try {
      await this.#client.send(
        new PutItemCommand({
          TableName: this.#table.name,
          Item: {
            [this.#table.partitionKey]: { S: snapshot.stream },
            version: { N: String(snapshot.version) },
            stateVersion: { N: String(snapshot.stateVersion) },
            state: { S: JSON.stringify(snapshot.state) },
            committedAt: { S: snapshot.committedAt },
            ...(snapshot.hash !== undefined && { hash: { S: snapshot.hash } }),
            commands: { B: snapshot.commands },
          },
          ...(!replace && this.#olderThan(snapshot)),
        }),
      );
    } catch (error) {
      // Another writer stored a newer snapshot. It stays: the older one would be as right, but cost more reads.
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }

  /** The condition that the stored snapshot is older, or of another state version. */
  #olderThan({ version, stateVersion }: Snapshot) {
    return {
      ConditionExpression:
        'attribute_not_exists(#stream) OR #stateVersion <> :stateVersion OR #version < :version',
      ExpressionAttributeNames: {
        '#stream': this.#table.partitionKey,
        '#stateVersion': 'stateVersion',
        '#version': 'version',
      },
      ExpressionAttributeValues: {
        ':stateVersion': { N: String(stateVersion) },
        ':version': { N: String(version) },
      },
    };
  }
}
