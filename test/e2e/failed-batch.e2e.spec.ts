import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitingTable } from '../../schema/tables.ts';
import { type AwsClient, awsClient, unverifiedSignature } from '../../tools/host/aws-json.ts';
import type { Host } from '../../tools/host/host.ts';
import { httpClient } from '../support/http-client.ts';
import { appWithOneRetry } from '../support/impatient-app.ts';
import { startTestHost } from '../support/test-host.ts';
import { until } from '../support/until.ts';

describe('a batch that the publisher could not publish, nor let wait', () => {
  let folder: string;
  let host: Host;
  let sqs: AwsClient;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'streamfold-impatient-'));
    await appWithOneRetry(folder);
    host = await startTestHost({ assemblyFolder: folder });
    sqs = awsClient(host.awsUrl, 'sqs');
  }, 120_000);
  afterAll(async () => {
    await host?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const call = httpClient(() => host.httpUrl);
  const openWorkOn = async (id: string) =>
    (await call('GET', `/todos?status=open&subject=dispense/${id}`)).body['items'] as { kind: string }[];
  const queueUrl = async (name: RegExp) => {
    const { QueueUrls } = await sqs.call<{ QueueUrls: string[] }>('ListQueues', {});
    return QueueUrls.find((url) => name.test(url)) ?? '';
  };
  /** Returns what makes it again. */
  const deleteWaitingTable = async () => {
    const dynamodb = awsClient(host.awsUrl, 'dynamodb');
    const { TableNames } = await dynamodb.call<{ TableNames: string[] }>('ListTables', {});
    const TableName = TableNames.find((name) => name.includes('ControlWaiting')) ?? '';
    await dynamodb.call('DeleteTable', { TableName });
    const { partitionKey, sortKey } = waitingTable;
    return () =>
      dynamodb.call('CreateTable', {
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [
          { AttributeName: partitionKey, KeyType: 'HASH' },
          { AttributeName: sortKey, KeyType: 'RANGE' },
        ],
        AttributeDefinitions: [partitionKey, sortKey].map((AttributeName) => ({
          AttributeName,
          AttributeType: 'S',
        })),
      });
  };
  const notice = async () => {
    const request = { QueueUrl: await queueUrl(/FailuresNotices[^/]*$/), WaitTimeSeconds: 1 };
    const { Messages = [] } = await sqs.call<{ Messages?: { Body: string }[] }>('ReceiveMessage', request);
    return Messages[0] && JSON.parse(Messages[0].Body);
  };

  it('waits in the failure bucket, and is published once a person replays it', async () => {
    const todoQueue = await queueUrl(/TodoQueue(?!Failures)[^/]*$/);
    await sqs.call('DeleteQueue', { QueueUrl: todoQueue });
    // Without it, the commits cannot wait for the queue either.
    const makeWaitingTableAgain = await deleteWaitingTable();
    const id = String((await call('POST', '/dispenses', {})).body['id']);

    const { detail } = await until(notice, (message) => message !== undefined, 30_000);
    await sqs.call('CreateQueue', { QueueName: todoQueue.split('/').at(-1) });
    await makeWaitingTableAgain();
    expect(await openWorkOn(id)).toEqual([]);

    const object = await fetch(`${host.awsUrl}/${detail.bucket.name}/${detail.object.key}`, {
      headers: unverifiedSignature('s3'),
    });
    const { requestContext, payload } = (await object.json()) as {
      requestContext: { functionArn: string };
      payload: string;
    };
    const name = requestContext.functionArn.split(':').at(-1);
    const functionUrl = `${host.awsUrl}/2015-03-31/functions/${name}/invocations`;
    const replay = await fetch(functionUrl, { method: 'POST', body: payload });
    expect(await replay.json()).toEqual({ batchItemFailures: [] });
    // A process that failed to reach the queue moments ago lets the commits wait.
    const drain = () => fetch(functionUrl, { method: 'POST', body: '{"drain":true}' });
    const work = await until(
      () => drain().then(() => openWorkOn(id)),
      (items) => items.length === 2,
    );
    expect(work.map(({ kind }) => kind).sort()).toEqual(['add-drugs', 'add-patient']);
  }, 60_000);
});
