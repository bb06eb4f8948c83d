import { readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import {
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  ListTablesCommand,
} from '@aws-sdk/client-dynamodb';
import { clientSettings } from '../lambdas/aws/client-settings.ts';
import { tableDefinitions } from '../test/support/test-dynamodb.ts';
import { credentials, region } from '../tools/host/aws-json.ts';
import { useExternalDynamodb } from '../tools/host/engines/dynamodb/external.ts';
import { startDynoxide } from '../tools/host/engines/dynoxide.ts';
import { makeTemporaryFolder } from '../tools/host/temporary-folder.ts';
import { UserError } from '../tools/host/user-error.ts';

/** A DynamoDB with the stack's tables, empty. */
export interface Database {
  /** For the report: name and version. */
  readonly engine: string;
  readonly url: string;
  /** A client with the settings of the deployed functions, besides the time of a request. */
  newClient(): DynamoDBClient;
  /** Stops the engine. On one that runs elsewhere, it deletes every table. */
  stop(): Promise<void>;
}

/** A page of a long stream can take long on a busy machine. */
const requestTimeoutMs = 60_000;

/** Starts dynoxide, or uses the DynamoDB at `url`. Throws {@link UserError} if it has tables already. */
export async function openDatabase(url: string | undefined): Promise<Database> {
  const folder = await makeTemporaryFolder();
  const engine = url === undefined ? await startOwn(folder) : await useExternalDynamodb(url);
  const newClient = () =>
    new DynamoDBClient({
      ...clientSettings({ requestTimeoutMs }),
      endpoint: engine.url,
      region,
      credentials,
    });
  const client = newClient();
  const stop = async () => {
    if (url !== undefined) await deleteTables(client);
    client.destroy();
    await engine.stop();
    await rm(folder, { recursive: true, force: true });
  };
  const { TableNames = [] } = await client.send(new ListTablesCommand());
  if (TableNames.length > 0) {
    throw new UserError(
      `The DynamoDB at ${url} has tables already (${TableNames[0]}). The bench needs an empty one.`,
    );
  }
  await Promise.all(tableDefinitions.map((table) => client.send(new CreateTableCommand(table))));
  return {
    engine:
      url === undefined ? `dynoxide ${dynoxideVersion()} on the same machine` : 'the DynamoDB of --dynamodb',
    url: engine.url,
    newClient,
    stop,
  };
}

async function startOwn(folder: string) {
  const data = join(folder, 'dynamodb');
  await mkdir(data);
  return startDynoxide(data, (name, reason) => console.error(`${name} has ended: ${reason}`));
}

/** The bench has created every table that there is. */
async function deleteTables(client: DynamoDBClient): Promise<void> {
  const { TableNames = [] } = await client.send(new ListTablesCommand());
  await Promise.all(TableNames.map((TableName) => client.send(new DeleteTableCommand({ TableName }))));
}

function dynoxideVersion(): string {
  try {
    const manifest = `@dynoxide/${process.platform}-${process.arch}/package.json`;
    return JSON.parse(readFileSync(createRequire(import.meta.url).resolve(manifest), 'utf8')).version;
  } catch {
    return 'of the PATH';
  }
}
