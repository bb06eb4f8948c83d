import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { writeApp } from '../../test/support/app-fixture.ts';
import { startNode } from '../../test/support/node-process.ts';
import { until } from '../../test/support/until.ts';
import { awsClient } from './aws-json.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function startProcess(assemblyFolder: string, dataFolder: string) {
  const started = startNode(['test/support/host-process.ts', assemblyFolder, dataFolder]);
  cleanups.push(() => started.end('SIGKILL'));
  const line = await until(started.output, (output) => output.includes('\n'));
  return { started, dynamodb: awsClient(JSON.parse(line).awsUrl, 'dynamodb') };
}

const processesThatName = (text: string) =>
  execFileSync('ps', ['-eo', 'args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(text) && !line.includes('host-process'));

it('a host that is killed leaves no running engine, and the next host has its data', async () => {
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
  await first.dynamodb.call('PutItem', { TableName: 'kept', Item: Key });
  expect(processesThatName(data).length).toBeGreaterThan(0);
  await first.started.end('SIGKILL');
  await until(
    () => processesThatName(data),
    ({ length }) => length === 0,
  );

  const second = await startProcess(app.folder, data);
  expect(await second.dynamodb.call('GetItem', { TableName: 'kept', Key })).toEqual({ Item: Key });
});
