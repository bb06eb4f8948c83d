import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, type CreateTableCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { contexts } from '../../schema/contexts.ts';
import {
  controlTable,
  eventLogTable,
  listIndex,
  parkedTable,
  personIndexTable,
  readModelTable,
  segmentTable,
  snapshotTable,
  subjectKeyTable,
  waitingTable,
} from '../../schema/tables.ts';
import { startDynamodbLocal } from '../../tools/host/engines/dynamodb/dynamodb-local.ts';
import { startDynoxide } from '../../tools/host/engines/dynoxide.ts';

/** A DynamoDB engine for one test, with every table of the stack. */
export interface TestDynamoDB {
  readonly client: DynamoDBClient;
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** The tables, with their names and the names of their keys. */
export const tables = {
  eventLog: { name: 'EventLog', ...eventLogTable },
  snapshots: { name: 'Snapshots', ...snapshotTable },
  readModel: { name: 'ReadModel', ...readModelTable, listIndex },
  control: { name: 'Control', ...controlTable },
  parked: { name: 'Parked', ...parkedTable },
  waiting: { name: 'Waiting', ...waitingTable },
  segments: { name: 'Segments', ...segmentTable },
  subjectKeys: { name: 'SubjectKeys', ...subjectKeyTable },
  personIndex: { name: 'PersonIndex', ...personIndexTable },
} as const;

/** Set by the Jest project that uses DynamoDB Local instead of dynoxide. */
const { testEngine } = globalThis as { testEngine?: 'dynamodb-local' };

/** Starts the run's engine on a free port and creates the tables. `stop` removes everything. */
export async function startTestDynamoDB(): Promise<TestDynamoDB> {
  const folder = await mkdtemp(join(tmpdir(), 'streamfold-test-'));
  const engine =
    testEngine === 'dynamodb-local'
      ? await startDynamodbLocal(undefined, () => undefined)
      : await startDynoxide(folder, () => undefined);
  const client = new DynamoDBClient({
    endpoint: engine.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  await Promise.all(tableDefinitions.map((table) => client.send(new CreateTableCommand(table))));
  return {
    client,
    endpoint: engine.url,
    stop: async () => {
      client.destroy();
      await engine.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

type Attribute = readonly [name: string, type: 'S' | 'N'];

function table(
  TableName: string,
  keys: readonly [Attribute, Attribute?],
  lists: readonly string[] = [],
): CreateTableCommandInput {
  const indexes = lists.map((list) => {
    const { name, partitionKey, sortKey } = listIndex(list);
    return { name, keys: [[partitionKey, 'S'] as const, [sortKey, 'S'] as const] };
  });
  const schemaOf = (attributes: readonly (Attribute | undefined)[]) =>
    attributes
      .filter((attribute) => attribute !== undefined)
      .map(([AttributeName], position) => ({
        AttributeName,
        KeyType: position === 0 ? ('HASH' as const) : ('RANGE' as const),
      }));
  return {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [...keys, ...indexes.flatMap((index) => index.keys)]
      .filter((attribute) => attribute !== undefined)
      .map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
    KeySchema: schemaOf(keys),
    ...(indexes.length > 0 && {
      GlobalSecondaryIndexes: indexes.map((index) => ({
        IndexName: index.name,
        KeySchema: schemaOf(index.keys),
        Projection: { ProjectionType: 'KEYS_ONLY' },
      })),
    }),
  };
}

/** How the tables are created. */
export const tableDefinitions = [
  table(tables.eventLog.name, [
    [eventLogTable.partitionKey, 'S'],
    [eventLogTable.sortKey, 'N'],
  ]),
  table(tables.snapshots.name, [[snapshotTable.partitionKey, 'S']]),
  table(
    tables.readModel.name,
    [
      [readModelTable.partitionKey, 'S'],
      [readModelTable.sortKey, 'S'],
    ],
    // Of the contract suites, and of every context.
    [...new Set(['byId', 'byLine', ...Object.values(contexts).flatMap(({ lists }) => lists)])],
  ),
  table(tables.control.name, [[controlTable.partitionKey, 'S']]),
  table(tables.parked.name, [
    [parkedTable.partitionKey, 'S'],
    [parkedTable.sortKey, 'S'],
  ]),
  table(tables.waiting.name, [
    [waitingTable.partitionKey, 'S'],
    [waitingTable.sortKey, 'S'],
  ]),
  table(tables.personIndex.name, [
    [personIndexTable.partitionKey, 'S'],
    [personIndexTable.sortKey, 'S'],
  ]),
  table(tables.segments.name, [
    [segmentTable.partitionKey, 'S'],
    [segmentTable.sortKey, 'S'],
  ]),
  table(tables.subjectKeys.name, [[subjectKeyTable.partitionKey, 'S']]),
];
