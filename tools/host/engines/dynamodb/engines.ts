import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, pythonEnvironment, requirementsFile } from '../../../emulator/python/environment.ts';
import { findPython } from '../../../emulator/python/find-python.ts';
import { UserError } from '../../user-error.ts';
import { databaseFile, findDynoxide, startDynoxide } from '../dynoxide.ts';
import type { Engine, OnCrash } from '../engine.ts';
import { startDynamodbLocal } from './dynamodb-local.ts';
import { fetchJars, jarsFolder, requireJarsOrMaven } from './jars.ts';
import { requireJdk } from './java.ts';
import { startMinistackDynamodb } from './ministack-dynamodb.ts';

/** The programs that can be the host's DynamoDB, the best first. */
export const engineNames = ['dynoxide', 'java', 'python'] as const;
export type DynamodbEngineName = (typeof engineNames)[number];

export interface StartOptions {
  /** For its data. */
  readonly folder: string;
  /** Whether the data must outlive this process. */
  readonly isKept: boolean;
  /** Called with a line for the user before a long wait. */
  readonly say: (line: string) => void;
  readonly onCrash: OnCrash;
}

/** A program that can be the host's DynamoDB. */
export interface DynamodbEngine {
  /** For people. */
  readonly title: string;
  /** The file that its data folder then has. Undefined if it cannot keep data. */
  readonly dataFile?: string;
  /**
   * Looks whether this machine has what it needs, and changes nothing. Resolves with a function that starts it.
   * @throws {UserError} that says what is missing.
   */
  find(): Promise<(options: StartOptions) => Promise<Engine>>;
}

/** Systems for which DynamoDB Local's POM, or ours, names SQLite's library. */
const systemsOfDynamodbLocal = ['linux-x64', 'darwin-x64', 'darwin-arm64'];

export const dynamodbEngines: Readonly<Record<DynamodbEngineName, DynamodbEngine>> = {
  dynoxide: {
    title: 'dynoxide',
    dataFile: databaseFile,
    find: async () => {
      findDynoxide();
      return ({ folder, onCrash }) => startDynoxide(folder, onCrash);
    },
  },
  java: {
    title: 'DynamoDB Local',
    dataFile: 'shared-local-instance.db',
    find: async () => {
      requireSystem(`${process.platform}-${process.arch}`);
      requireJdk();
      await requireJarsOrMaven();
      return async ({ folder, isKept, say, onCrash }) => {
        if (!existsSync(jarsFolder())) say('Fetching DynamoDB Local with Maven (once, some 50 MB) ...');
        await fetchJars();
        return startDynamodbLocal(isKept ? folder : undefined, onCrash);
      };
    },
  },
  python: {
    title: "MiniStack's DynamoDB",
    find: async () => {
      const python = await findPython();
      return async ({ folder, say, onCrash }) => {
        const program = await pythonEnvironment({ python, cacheFolder, requirementsFile, say });
        return startMinistackDynamodb(program, folder, onCrash);
      };
    },
  },
};

function requireSystem(system: string): void {
  if (systemsOfDynamodbLocal.includes(system)) return;
  throw new UserError(`DynamoDB Local runs on ${systemsOfDynamodbLocal.join(', ')}, and this is ${system}.`);
}

/** The engine whose data are in a folder; undefined for a folder without data. */
export function engineOfData(folder: string): DynamodbEngineName | undefined {
  return engineNames.find((name) => {
    const { dataFile } = dynamodbEngines[name];
    return dataFile !== undefined && existsSync(join(folder, dataFile));
  });
}
