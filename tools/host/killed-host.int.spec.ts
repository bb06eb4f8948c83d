import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { writeApp } from '../../test/support/app-fixture.ts';
import { eventually } from '../../test/support/eventually.ts';
import { awsClient } from './aws-json.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const script = join(import.meta.dirname, 'testing/host-process.ts');

async function startProcess(assemblyFolder: string, dataFolder: string) {
  const child = spawn(process.execPath, [script, assemblyFolder, dataFolder], { stdio: 'pipe' });
  cleanups.push(() => kill(child));
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  const { awsUrl } = await eventually(() => (output.includes('\n') ? JSON.parse(output) : undefined));
  return { child, awsUrl };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await exited;
}

const processesThatName = (text: string) =>
  execFileSync('ps', ['-eo', 'args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(text) && !line.includes('host-process'));

it('a host that is killed leaves no engine behind, and the next one finds its data', async () => {
  const table = {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      TableName: 'kept',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    },
  };
  const app = writeApp({}, { Table: table });
  cleanups.push(() => app.remove());
  const data = mkdtempSync(join(tmpdir(), 'streamfold-killed-'));
  cleanups.push(() => rmSync(data, { recursive: true, force: true }));
  const Key = { id: { S: '1' } };

  const first = await startProcess(app.folder, data);
  const before = awsClient(first.awsUrl, 'dynamodb');
  cleanups.push(() => before.close());
  await before.call('PutItem', { TableName: 'kept', Item: Key });
  expect(processesThatName(data).length).toBeGreaterThan(0);
  await kill(first.child);
  await eventually(() => (processesThatName(data).length === 0 ? true : undefined));

  const second = await startProcess(app.folder, data);
  const after = awsClient(second.awsUrl, 'dynamodb');
  cleanups.push(() => after.close());
  expect(await after.call('GetItem', { TableName: 'kept', Key })).toEqual({ Item: Key });
});
