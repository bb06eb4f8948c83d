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

const table = (more: object = {}) => ({
  Table: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      TableName: 'kept',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      ...more,
    },
  },
});

function appOf(...[resources]: Parameters<typeof table>) {
  const app = writeApp({}, table(resources));
  cleanups.push(() => app.remove());
  return app.folder;
}

function dataFolder(): string {
  const data = mkdtempSync(join(tmpdir(), 'streamfold-killed-'));
  cleanups.push(() => rmSync(data, { recursive: true, force: true }));
  return data;
}

it('a host that is killed leaves no running engine, and the next host has its data', async () => {
  const app = appOf();
  const data = dataFolder();
  const Key = { id: { S: '1' } };

  const first = await startProcess(app, data);
  await first.dynamodb.call('PutItem', { TableName: 'kept', Item: Key });
  expect(processesThatName(data).length).toBeGreaterThan(0);
  await first.started.end('SIGKILL');
  await until(
    () => processesThatName(data),
    ({ length }) => length === 0,
  );

  const second = await startProcess(app, data);
  expect(await second.dynamodb.call('GetItem', { TableName: 'kept', Key })).toEqual({ Item: Key });
});

it('a host that is killed while it adds a list adds it at the next start', async () => {
  const data = dataFolder();
  const first = await startProcess(appOf(), data);
  const rows = 500;
  const items = Array.from({ length: rows }, (_, id) => ({ id: { S: `${id}` }, kind: { S: 'all' } }));
  for (let at = 0; at < rows; at += 25) {
    const puts = items.slice(at, at + 25).map((Item) => ({ PutRequest: { Item } }));
    await first.dynamodb.call('BatchWriteItem', { RequestItems: { kept: puts } });
  }
  await first.started.end('SIGKILL');

  const withList = appOf({
    AttributeDefinitions: ['id', 'kind'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    GlobalSecondaryIndexes: [
      {
        IndexName: 'byKind',
        KeySchema: [{ AttributeName: 'kind', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
  });
  const killed = startNode(['test/support/host-process.ts', withList, data]);
  cleanups.push(() => killed.end('SIGKILL'));
  await until(
    () => processesThatName(data),
    ({ length }) => length > 0,
  );
  await killed.end('SIGKILL');

  const last = await startProcess(withList, data);
  const listed = await last.dynamodb.call('Query', {
    TableName: 'kept',
    IndexName: 'byKind',
    Select: 'COUNT',
    KeyConditionExpression: 'kind = :all',
    ExpressionAttributeValues: { ':all': { S: 'all' } },
  });
  expect(listed).toMatchObject({ Count: rows });
});
