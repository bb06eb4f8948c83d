import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, UserError } from '../user-error.ts';
import { startDynoxide } from './dynoxide.ts';
import type { Engine, OnCrash } from './engine.ts';
import { useExternalDynamodb } from './external-dynamodb.ts';
import { startWorkerEngine } from './worker-engine.ts';

export interface EngineOptions {
  /** Keep the data here; without, Kinesis, SQS and S3 live in memory. */
  persistFolder?: string;
  /** For the file of a DynamoDB that nobody wants to keep. */
  temporaryFolder: string;
  /** Use this DynamoDB instead of starting one. */
  dynamodbUrl?: string;
  onCrash: OnCrash;
}

export interface Engines {
  readonly dynamodb: Engine;
  readonly kinesis: Engine;
  /** SQS, S3, SNS and STS: one engine, one address. */
  readonly queues: Engine;
  /** Call once the tables exist. */
  indexStreamRecords(): void;
  stop(): Promise<void>;
}

/** Starts what stands in for AWS, or nothing: when one fails the others are stopped before the error is thrown. */
export async function startEngines(options: EngineOptions): Promise<Engines> {
  const started: Engine[] = [];
  const stop = async () => {
    await Promise.all(started.splice(0).map((engine) => engine.stop()));
  };
  const keep = async <E extends Engine>(starting: Promise<E>): Promise<E> => {
    const engine = await starting;
    started.push(engine);
    return engine;
  };
  try {
    // First and alone under --persist: its lock tells whether another host has the folder.
    const kinesis = keep(startKinesalite(options));
    if (options.persistFolder !== undefined) await kinesis;
    const dynamodb =
      options.dynamodbUrl === undefined
        ? startOwnDynamodb(options)
        : useExternalDynamodb(options.dynamodbUrl);
    const starts = [keep(dynamodb), kinesis, keep(startFauxqs(options))] as const;
    const settled = await Promise.allSettled(starts);
    const failed = settled.find((start) => start.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    const [dynamodbEngine, kinesisEngine, queues] = await Promise.all(starts);
    const indexStreamRecords =
      'indexStreamRecords' in dynamodbEngine
        ? (dynamodbEngine.indexStreamRecords as () => void)
        : () => undefined;
    return { dynamodb: dynamodbEngine, kinesis: kinesisEngine, queues, indexStreamRecords, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startOwnDynamodb(options: EngineOptions): Promise<Engine> {
  const folder = await dataFolder(options.persistFolder ?? options.temporaryFolder, 'dynamodb');
  return startDynoxide(folder, options.onCrash);
}

async function startKinesalite({ persistFolder, onCrash }: EngineOptions): Promise<Engine> {
  const data = persistFolder === undefined ? {} : { path: await dataFolder(persistFolder, 'kinesis') };
  try {
    return await startWorkerEngine(
      'kinesalite',
      new URL('./kinesalite-thread.ts', import.meta.url),
      data,
      onCrash,
    );
  } catch (error) {
    const reason = messageOf(error);
    if (!/lock/i.test(reason)) throw new UserError(`kinesalite did not start: ${reason}`);
    throw new UserError(`Another copy that runs uses ${persistFolder}: stop it, or name another folder.`);
  }
}

async function startFauxqs({ persistFolder, onCrash }: EngineOptions): Promise<Engine> {
  const data = persistFolder === undefined ? {} : { dataDir: await dataFolder(persistFolder, 'queues') };
  return startWorkerEngine('fauxqs', new URL('./fauxqs-thread.ts', import.meta.url), data, onCrash);
}

/** @throws {UserError} when the folder cannot be made. */
async function dataFolder(parent: string, name: string): Promise<string> {
  const folder = join(parent, name);
  try {
    await mkdir(folder, { recursive: true });
    return folder;
  } catch (error) {
    throw new UserError(`Cannot keep data in ${parent}: ${messageOf(error)}`);
  }
}
