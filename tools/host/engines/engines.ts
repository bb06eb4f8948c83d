import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { allOrFirstFailure } from '../all-or-first-failure.ts';
import { dataFolderError } from '../permissions.ts';
import { ownerOnly } from '../private-folder.ts';
import { messageOf, UserError } from '../user-error.ts';
import { type DynamodbChoice, startDynamodb } from './dynamodb/choose.ts';
import type { Engine, OnCrash } from './engine.ts';
import { startWorkerEngine } from './worker-engine.ts';

export interface EngineOptions extends DynamodbChoice {
  /** Where the data are kept. Without it, Kinesis, SQS and S3 are in memory. */
  persistFolder?: string;
  /** For DynamoDB's file when the data are not kept. */
  temporaryFolder: string;
  /** Called with a line for the user before a long wait. */
  say: (line: string) => void;
  onCrash: OnCrash;
}

/** The running engines. */
export interface Engines {
  readonly dynamodb: Engine;
  readonly kinesis: Engine;
  /** SQS and S3: one engine. */
  readonly queues: Engine;
}

/** Starts the engines that replace services of AWS. `cleanup` stops those that have started, even when one fails. */
export async function startEngines(options: EngineOptions, cleanup: AsyncDisposableStack): Promise<Engines> {
  const adopt = async (starting: Promise<Engine>) => cleanup.adopt(await starting, (engine) => engine.stop());
  const starting = adopt(startKinesalite(options));
  // With --persist it starts first, because its lock shows whether another host uses the folder.
  if (options.persistFolder !== undefined) await starting;
  const [kinesis, dynamodb, queues] = await allOrFirstFailure([
    starting,
    adopt(startTheDynamodb(options)),
    adopt(startFauxqs(options)),
  ]);
  return { dynamodb, kinesis, queues };
}

async function startTheDynamodb(options: EngineOptions): Promise<Engine> {
  const { persistFolder, temporaryFolder, say, onCrash } = options;
  const folder = await dataFolder(persistFolder ?? temporaryFolder, 'dynamodb');
  return startDynamodb(options, { folder, isKept: persistFolder !== undefined, say, onCrash });
}

async function startKinesalite({ persistFolder, onCrash }: EngineOptions): Promise<Engine> {
  const data = persistFolder === undefined ? {} : { path: await dataFolder(persistFolder, 'kinesis') };
  try {
    const script = new URL('./kinesalite-thread.ts', import.meta.url);
    return await startWorkerEngine('kinesalite', script, data, onCrash);
  } catch (error) {
    const reason = messageOf(error);
    if (!/lock/i.test(reason) || /permission|space/i.test(reason))
      throw new UserError(`kinesalite did not start: ${reason}`);
    throw new UserError(`Another running host uses ${persistFolder}: stop it, or choose another folder.`);
  }
}

async function startFauxqs({ persistFolder, onCrash }: EngineOptions): Promise<Engine> {
  const data = persistFolder === undefined ? {} : { dataDir: await dataFolder(persistFolder, 'queues') };
  try {
    return await startWorkerEngine('fauxqs', new URL('./fauxqs-thread.ts', import.meta.url), data, onCrash);
  } catch (error) {
    throw new UserError(`fauxqs did not start: ${messageOf(error)}`);
  }
}

/** @throws {UserError} when the folder cannot be created. */
async function dataFolder(parent: string, name: string): Promise<string> {
  const folder = join(parent, name);
  try {
    await mkdir(folder, { recursive: true, mode: ownerOnly });
    return folder;
  } catch (error) {
    throw dataFolderError(parent, error);
  }
}
