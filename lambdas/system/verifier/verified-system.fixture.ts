import { randomUUID } from 'node:crypto';
import {
  CreateTableCommand,
  DeleteItemCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { type ContextName, contextNames } from '../../../schema/contexts.ts';
import { tableVariable } from '../../../schema/names.ts';
import { tables } from '../../../test/support/test-dynamodb.ts';
import { loadReadModel } from '../../contexts/load-read-models.ts';
import {
  categoryOfStream,
  firstGeneration,
  Projector,
  type StoredEvent,
  type StreamName,
  silentObserver,
} from '../../kernel/index.ts';
import { MemoryGenerations, MemoryParkingLot } from '../../kernel/memory/index.ts';
import { commitAt, simulatedEffects } from '../../kernel/testing/index.ts';
import * as build from '../../runtime/adapters.ts';
import { logPartitions, verifiedModel } from '../../runtime/verified-models.ts';
import { repairStream } from '../rebuilder/repair.ts';
import { Verifier, type VerifierDependencies } from './verifier.ts';

type Item = Record<string, { readonly S?: string; readonly N?: string }>;

/** The log and the read models of all contexts on DynamoDB, each in tables of its own, with their projections. */
export async function verifiedSystem(client: DynamoDBClient, more: Partial<VerifierDependencies> = {}) {
  const run = randomUUID().slice(0, 8);
  const tableOf = (name: string) => `${name}-${run}`;
  const copies = [
    [tables.eventLog.name, tableOf('log')],
    ...contextNames.map((name) => [tables.readModel.name, tableOf(name)]),
  ] as const;
  await Promise.all(copies.map(([from = '', to = '']) => copySchema(client, from, to)));
  const env = {
    EVENT_LOG_TABLE: tableOf('log'),
    ...Object.fromEntries(contextNames.map((name) => [tableVariable(name), tableOf(name)])),
  };
  // Longer ago than a delivery takes.
  const effects = {
    ...simulatedEffects({ now: '2026-01-02T04:00:00.000Z' }),
    newId: () => randomUUID() as string,
  };
  const platform = { client, env, effects };
  const log = build.eventLog(platform);
  const parkingLot = new MemoryParkingLot();
  const generations = new MemoryGenerations();
  const load = async (name: ContextName) => verifiedModel(await loadReadModel(name), platform);
  const sources = { load, generations, history: log, parkingLot, effects };
  const verifier = new Verifier({
    ...sources,
    ...{ log, streams: logPartitions(platform), sample: 100, sampleMaxEvents: 100_000 },
    ...more,
  });

  /** Brings the rows of a stream in all read models up to date, as projectors do, in these generations. */
  const project = async (stream: StreamName, version: number, written = [firstGeneration]) => {
    for (const name of contextNames) {
      const { listing, projections } = await loadReadModel(name);
      const own = projections.find(({ projection }) => projection.category === categoryOfStream(stream));
      if (own === undefined) continue;
      for (const generation of written) {
        const readModel = own.rowsIn(
          build.generationOf({ projection: listing }, platform, tableOf(name), generation),
        );
        const { projection } = own;
        await new Projector({
          projection,
          log,
          readModel,
          parkingLot,
          observer: silentObserver,
          effects,
        }).project([{ stream, commits: [], reachedVersion: version }]);
      }
    }
  };

  return {
    ...{ verifier, log, parkingLot, generations, effects, project },
    repair: (stream: string) => repairStream({ ...sources, settleMs: 92_000 }, stream),
    /** Appends one commit of these events at the beginning of a stream, and projects it. */
    begin: async (stream: StreamName, events: readonly (readonly [string, object])[], written?: string[]) => {
      const stored = events.map(
        ([type, data]): StoredEvent => ({ id: randomUUID(), type, schemaVersion: 1, data }),
      );
      await log.append([commitAt(stream, 1, 1, { events: stored })]);
      await project(stream, stored.length, written);
    },
    itemsOf: async (name: ContextName): Promise<readonly Item[]> => {
      const { Items = [] } = await client.send(
        new ScanCommand({ TableName: tableOf(name), ConsistentRead: true }),
      );
      return Items as Item[];
    },
    put: (name: ContextName, item: Item) =>
      client.send(new PutItemCommand({ TableName: tableOf(name), Item: item as never })),
    remove: (name: ContextName, { pk, sk }: Item) =>
      client.send(new DeleteItemCommand({ TableName: tableOf(name), Key: { pk, sk } as never })),
    forgetStream: (stream: string) =>
      client.send(
        new DeleteItemCommand({
          TableName: tableOf('log'),
          Key: { stream: { S: stream }, version: { N: '1' } },
        }),
      ),
  };
}

async function copySchema(client: DynamoDBClient, from: string, to: string): Promise<void> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName: from }));
  await client.send(
    new CreateTableCommand({
      TableName: to,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: Table?.AttributeDefinitions,
      KeySchema: Table?.KeySchema,
      GlobalSecondaryIndexes: Table?.GlobalSecondaryIndexes?.map(({ IndexName, KeySchema, Projection }) => ({
        ...{ IndexName, KeySchema, Projection },
      })),
    }),
  );
}
