import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { snapshotTable } from '../../../schema/tables.ts';
import type { StreamName } from '../commit.ts';
import type { Snapshot, SnapshotStore } from '../snapshot-store.ts';

const { partitionKey } = snapshotTable;

/** Snapshots on DynamoDB. Needs `dynamodb:GetItem` and `PutItem` on the table. */
export class DynamoDBSnapshotStore implements SnapshotStore {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;

  constructor(client: DynamoDBClient, tableName: string) {
    this.#client = client;
    this.#tableName = tableName;
  }

  async load(stream: StreamName): Promise<Snapshot | undefined> {
    // Eventually consistent, at half the price: see SnapshotStore.load.
    const { Item } = await this.#client.send(
      new GetItemCommand({ TableName: this.#tableName, Key: { [partitionKey]: { S: stream } } }),
    );
    if (!Item) return undefined;
    return {
      stream,
      version: Number(Item['version']?.N),
      stateVersion: Number(Item['stateVersion']?.N),
      state: JSON.parse(Item['state']?.S ?? 'null'),
      committedAt: Item['committedAt']?.S ?? '',
      commands: Item['commands']?.B ?? new Uint8Array(),
    };
  }

  async save(snapshot: Snapshot): Promise<void> {
    try {
      await this.#client.send(
        new PutItemCommand({
          TableName: this.#tableName,
          Item: {
            [partitionKey]: { S: snapshot.stream },
            version: { N: String(snapshot.version) },
            stateVersion: { N: String(snapshot.stateVersion) },
            state: { S: JSON.stringify(snapshot.state) },
            committedAt: { S: snapshot.committedAt },
            commands: { B: snapshot.commands },
          },
          ConditionExpression:
            'attribute_not_exists(#stream) OR #stateVersion <> :stateVersion OR #version < :version',
          ExpressionAttributeNames: {
            '#stream': partitionKey,
            '#stateVersion': 'stateVersion',
            '#version': 'version',
          },
          ExpressionAttributeValues: {
            ':stateVersion': { N: String(snapshot.stateVersion) },
            ':version': { N: String(snapshot.version) },
          },
        }),
      );
    } catch (error) {
      // Another writer's snapshot is newer: that one is the better to keep.
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }
}
