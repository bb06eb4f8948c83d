import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { writeApp } from '../../test/support/app-fixture.ts';
import { startHost } from './host.ts';
import { privateDataFolder } from './private-folder.ts';

const parents: string[] = [];
afterEach(() => {
  for (const parent of parents.splice(0)) rmSync(parent, { recursive: true, force: true });
});

/** A folder that others may read, as a home folder may be. */
function sharedParent(): string {
  const parent = mkdtempSync(join(tmpdir(), 'streamfold-private-'));
  parents.push(parent);
  chmodSync(parent, 0o755);
  return parent;
}

const modeOf = (path: string) => (lstatSync(path).mode & 0o777).toString(8);

/** The files and folders that another user can reach: all folders above them let others in. */
function openToOthers(folder: string): string[] {
  if ((lstatSync(folder).mode & 0o077) === 0) return [];
  const inside = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return openToOthers(path);
    return (lstatSync(path).mode & 0o077) === 0 ? [] : [path];
  });
  return [folder, ...inside];
}

const table = {
  Table: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
    },
  },
  Bucket: { Type: 'AWS::S3::Bucket', Properties: {} },
  Queue: { Type: 'AWS::SQS::Queue', Properties: {} },
};

async function runHost(persistFolder: string): Promise<void> {
  const app = writeApp({}, table);
  try {
    const host = await startHost({
      httpPort: 0,
      awsPort: 0,
      assemblyFolder: app.folder,
      persistFolder,
      auth: true,
    });
    expect(openToOthers(persistFolder)).toEqual([]);
    await host.stop();
  } finally {
    app.remove();
  }
}

it('what a host keeps is for its owner only, and its parent stays as it is', async () => {
  const parent = sharedParent();
  const folder = join(parent, 'data');
  await runHost(folder);
  expect(readdirSync(folder)).toEqual(
    expect.arrayContaining(['dynamodb', 'issuer-key.pem', 'kinesis', 'queues']),
  );
  const top = readdirSync(folder).map((name) => [name, modeOf(join(folder, name))]);
  expect(top.filter(([, mode]) => !/^[67]00$/.test(mode ?? ''))).toEqual([]);
  const database = readdirSync(join(folder, 'dynamodb')).map((name) =>
    modeOf(join(folder, 'dynamodb', name)),
  );
  expect(new Set(database)).toEqual(new Set(['600']));
  expect(modeOf(parent)).toBe('755');
});

it('a folder of an earlier version is closed at the start', async () => {
  const folder = join(sharedParent(), 'data');
  for (const name of ['dynamodb', 'kinesis', 'queues']) mkdirSync(join(folder, name), { recursive: true });
  for (const name of ['', 'dynamodb', 'kinesis', 'queues']) chmodSync(join(folder, name), 0o755);
  expect(openToOthers(folder)).toHaveLength(4);
  await runHost(folder);
});

it('in a folder that holds other files, only what a host keeps is closed', async () => {
  const folder = sharedParent();
  mkdirSync(join(folder, 'kinesis'));
  writeFileSync(join(folder, 'other.txt'), '');
  await privateDataFolder(folder);
  expect(modeOf(folder)).toBe('755');
  expect(modeOf(join(folder, 'kinesis'))).toBe('700');
});

it.each(['queues', 'issuer-key.pem', 'kinesis/log'])('a link is refused: %s', async (name) => {
  const folder = join(sharedParent(), 'data');
  mkdirSync(join(folder, 'kinesis'), { recursive: true });
  const elsewhere = sharedParent();
  symlinkSync(elsewhere, join(folder, name));
  await expect(privateDataFolder(folder)).rejects.toMatchObject({
    name: 'UserError',
    message: `${join(folder, name)} is a link, which may lead to data of others. Remove it, or name another folder with --persist.`,
  });
  expect(modeOf(elsewhere)).toBe('755');
});
