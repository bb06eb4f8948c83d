import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { UserError } from '../../user-error.ts';
import { parseDynamodb, startDynamodb } from './choose.ts';
import { type DynamodbEngineName, dynamodbEngines } from './engines.ts';

const finds = Object.fromEntries(
  Object.entries(dynamodbEngines).map(([name, { find }]) => [name, find]),
) as Record<DynamodbEngineName, (typeof dynamodbEngines)['java']['find']>;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'streamfold-choice-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  for (const [name, find] of Object.entries(finds)) {
    Object.assign(dynamodbEngines[name as DynamodbEngineName], { find });
  }
});

/** Makes it look as if the machine had only these engines. `broken` does not start. */
function machineWith(...present: readonly (DynamodbEngineName | 'broken')[]): string[] {
  const started: string[] = [];
  for (const name of Object.keys(finds) as DynamodbEngineName[]) {
    const find = async () => {
      if (!present.includes(name)) throw new UserError(`${name} is missing.`);
      return async () => {
        if (present.includes('broken')) throw new UserError(`${name} did not start.`);
        started.push(name);
        return { name: dynamodbEngines[name].title, url: 'http://127.0.0.1:1', stop: async () => undefined };
      };
    };
    Object.assign(dynamodbEngines[name], { find });
  }
  return started;
}

const said: string[] = [];
const optionsFor = (isKept: boolean) => ({
  folder,
  isKept,
  say: (line: string) => void said.push(line),
  onCrash: () => undefined,
});
const start = (choice: Parameters<typeof startDynamodb>[0], { isKept = false } = {}) =>
  startDynamodb(choice, optionsFor(isKept));

describe('the DynamoDB of the host', () => {
  it.each([
    [['dynoxide', 'java', 'python'], 'dynoxide'],
    [['java', 'python'], 'java'],
    [['python'], 'python'],
  ] as const)('of %j is %s', async (present, chosen) => {
    const started = machineWith(...present);
    await start({});
    expect(started).toEqual([chosen]);
  });

  it('is said, unless it is the usual one', async () => {
    machineWith('java');
    said.length = 0;
    await start({});
    machineWith('dynoxide');
    await start({});
    expect(said).toEqual(['The host uses DynamoDB Local as its DynamoDB.']);
  });

  it('is the one that the user names', async () => {
    const started = machineWith('dynoxide', 'java', 'python');
    await start({ dynamodbEngine: 'python' });
    expect(started).toEqual(['python']);
  });

  it('is missing: one text says of each engine what it lacks', async () => {
    machineWith();
    await expect(start({})).rejects.toThrow(
      `This machine has no DynamoDB that the host can start. One of these is enough:
  dynoxide is missing.
  java is missing.
  python is missing.
  A DynamoDB that already runs: npm start -- --dynamodb URL
docs/platforms.md says what each system needs.`,
    );
  });

  it('does not start: another one is not tried', async () => {
    const started = machineWith('dynoxide', 'java', 'broken');
    await expect(start({})).rejects.toThrow('dynoxide did not start.');
    expect(started).toEqual([]);
  });
});

describe('data that are kept', () => {
  const keep = (name: 'dynoxide' | 'java') =>
    writeFileSync(join(folder, dynamodbEngines[name].dataFile ?? ''), '');

  it('go on with the engine that wrote them, even if a better one is there', async () => {
    keep('java');
    const started = machineWith('dynoxide', 'java');
    await start({}, { isKept: true });
    expect(started).toEqual(['java']);
  });

  it.each([{ dynamodbEngine: 'java' }, { dynamodbUrl: 'http://127.0.0.1:1' }] as const)(
    'are not mixed with those of another: %j',
    async (choice) => {
      keep('dynoxide');
      machineWith('dynoxide', 'java');
      await expect(start(choice, { isKept: true })).rejects.toThrow(
        `${folder} has data of dynoxide, which nothing else can read: use --dynamodb dynoxide, or another folder.`,
      );
    },
  );

  it('of an engine that is gone are not given to the next', async () => {
    keep('dynoxide');
    const started = machineWith('java');
    await expect(start({}, { isKept: true })).rejects.toThrow('dynoxide is missing.');
    expect(started).toEqual([]);
  });

  it('are not promised by an engine that keeps none', async () => {
    machineWith('python');
    await expect(start({ dynamodbEngine: 'python' }, { isKept: true })).rejects.toThrow(
      "MiniStack's DynamoDB keeps data in memory only: leave --persist out, or use --dynamodb dynoxide or java.",
    );
    await expect(start({}, { isKept: true })).rejects.toThrow('java is missing.');
  });
});

describe('--dynamodb', () => {
  it('names an engine or a URL', () => {
    expect(parseDynamodb('java')).toEqual({ dynamodbEngine: 'java' });
    expect(parseDynamodb('https://db.test')).toEqual({ dynamodbUrl: 'https://db.test' });
  });

  it.each(['Java', '', 'localhost:8000', 'ftp://x'])('refuses "%s" in one line', (value) => {
    expect(() => parseDynamodb(value)).toThrow(/^--dynamodb must be dynoxide, java, python or a URL[^\n]*$/);
  });
});
