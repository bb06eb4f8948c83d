import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { silentObserver } from '../lambdas/kernel/index.ts';
import { type CommandSide, commandSide } from '../lambdas/runtime/adapters.ts';
import { nodeEffects } from '../lambdas/runtime/node-effects.ts';
import { tables } from '../test/support/test-dynamodb.ts';
import { type CastoreAccounts, castoreAccounts } from './castore/castore-accounts.ts';
import { installCastore } from './castore/install.ts';
import { type Database, openDatabase } from './database.ts';
import { Meter } from './measure/meter.ts';

/** What every measurement uses. */
export interface World {
  readonly database: Database;
  readonly client: DynamoDBClient;
  /** The log and the stores, as the API's function has them. */
  readonly side: CommandSide;
  /** Undefined without Castore. Its client is its own, with the same settings. */
  readonly castore: CastoreAccounts | undefined;
  /** Counts the calls of both clients. */
  readonly meter: Meter;
  say(line: string): void;
}

/** The environment of the functions, as far as it is about these tables. */
export const environment = {
  EVENT_LOG_TABLE: tables.eventLog.name,
  SEGMENT_TABLE: tables.segments.name,
  PARKED_TABLE: tables.parked.name,
  CONTROL_TABLE: tables.control.name,
  SNAPSHOT_TABLE: tables.snapshots.name,
  SNAPSHOT_THRESHOLD: '100',
};

/** Which world. */
export interface WorldOptions {
  /** Undefined: the bench starts dynoxide. */
  readonly dynamodbUrl: string | undefined;
  readonly withCastore: boolean;
  readonly say: (line: string) => void;
}

/** Opens a world. It closes with `cleanup`. */
export async function openWorld(
  { dynamodbUrl, withCastore, say }: WorldOptions,
  cleanup: AsyncDisposableStack,
): Promise<World> {
  if (withCastore) installCastore(say);
  const database = cleanup.adopt(await openDatabase(dynamodbUrl), (opened) => opened.stop());
  const meter = new Meter();
  const newClient = () => {
    const client = cleanup.adopt(database.newClient(), (opened) => opened.destroy());
    meter.attach(client);
    return client;
  };
  const client = newClient();
  const castore = withCastore ? await castoreAccounts(newClient()) : undefined;
  return {
    database,
    client,
    side: commandSide({ client, env: environment, effects: nodeEffects }, silentObserver),
    castore,
    meter,
    say,
  };
}
