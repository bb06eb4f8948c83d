import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type FixtureFunction, writeApp } from '../../../test/support/app-fixture.ts';
import {
  bucket,
  invocationsIn,
  mapping,
  put,
  queue,
  recorder,
  ruleOn,
  send,
  stream,
  streamArn,
  table,
  tableStream,
  textsOf,
} from '../../../test/support/consumer-fixture.ts';
import { until } from '../../../test/support/until.ts';
import { type AwsClient, awsClient, unverifiedSignature } from '../aws-json.ts';
import { type Host, startHost } from '../host.ts';
import type { Resource } from '../template/assembly.ts';

const cleanups: (() => unknown)[] = [];
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'streamfold-events-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const failuresArn = { 'Fn::GetAtt': ['Failures', 'Arn'] };

async function hostOf(consumer: FixtureFunction, resources: Record<string, Resource>): Promise<Host> {
  const app = writeApp({ consumer }, resources);
  cleanups.push(() => app.remove());
  const host = await startHost({ httpPort: 0, awsPort: 0, assemblyFolder: app.folder });
  cleanups.push(() => host.stop());
  return host;
}

function clientOf(host: Host, service: 'dynamodb' | 'kinesis' | 'sqs'): AwsClient {
  return awsClient(host.awsUrl, service);
}

async function bodiesOf(sqs: AwsClient, name: string): Promise<string[]> {
  const { QueueUrl } = await sqs.call<{ QueueUrl: string }>('GetQueueUrl', { QueueName: name });
  const { Messages = [] } = await sqs.call<{ Messages?: { Body: string }[] }>('ReceiveMessage', {
    QueueUrl,
    MaxNumberOfMessages: 10,
  });
  return Messages.map(({ Body }) => Body);
}

const signed = { headers: unverifiedSignature('s3') };

async function keysIn(host: Host, bucketName: string): Promise<string[]> {
  const list = await (await fetch(`${host.awsUrl}/${bucketName}?list-type=2`, signed)).text();
  return [...list.matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, key]) => String(key));
}

async function objectOf(host: Host, path: string): Promise<Record<string, unknown>> {
  const object = await fetch(`${host.awsUrl}/${path}`, signed);
  return (await object.json()) as Record<string, unknown>;
}

describe('a DynamoDB stream', () => {
  it('feeds a function with the records that its filter accepts', async () => {
    const file = join(folder, 'records');
    const FilterCriteria = { Filters: [{ Pattern: '{"eventName":["INSERT"]}' }] };
    const host = await hostOf(recorder(file), {
      Table: table,
      Map: mapping(tableStream, { FilterCriteria }),
    });
    const dynamodb = clientOf(host, 'dynamodb');
    await put(dynamodb, 'a');
    await dynamodb.call('DeleteItem', { TableName: 'log', Key: { id: { S: 'a' } } });
    await put(dynamodb, 'b');
    const records = await until(
      () => invocationsIn(file).flat(),
      ({ length }) => length >= 2,
    );
    expect(records).toMatchObject([
      { eventName: 'INSERT', eventSource: 'aws:dynamodb', dynamodb: { NewImage: { id: { S: 'a' } } } },
      { eventName: 'INSERT', awsRegion: 'us-east-1', dynamodb: { NewImage: { id: { S: 'b' } } } },
    ]);
    expect(records[0].eventSourceARN).toMatch(/table\/log\/stream\//);
  });

  it('continues after a record that always fails, and stores it in the failure bucket', async () => {
    const file = join(folder, 'records');
    const consumer = recorder(
      file,
      `const bad = Records.find((it) => it.dynamodb.NewImage.id.S === 'bad');
       return { batchItemFailures: bad ? [{ itemIdentifier: bad.dynamodb.SequenceNumber }] : [] };`,
    );
    const host = await hostOf(consumer, {
      Table: table,
      Failures: bucket('failures'),
      Map: mapping(tableStream, {
        BisectBatchOnFunctionError: true,
        MaximumRetryAttempts: 1,
        DestinationConfig: { OnFailure: { Destination: failuresArn } },
      }),
    });
    const dynamodb = clientOf(host, 'dynamodb');
    for (const id of ['a', 'bad', 'c']) await put(dynamodb, id);
    const [key] = await until(
      () => keysIn(host, 'failures'),
      ({ length }) => length > 0,
    );
    const bad = invocationsIn(file)
      .flat()
      .find((it) => it.dynamodb.NewImage.id.S === 'bad');
    expect(await objectOf(host, `failures/${key}`)).toMatchObject({
      requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 2 },
      DDBStreamBatchInfo: {
        batchSize: 1,
        startSequenceNumber: bad.dynamodb.SequenceNumber,
        endSequenceNumber: bad.dynamodb.SequenceNumber,
      },
    });
    await until(
      () => invocationsIn(file),
      (all) => all.some((records) => records.every((it) => it.dynamodb.NewImage.id.S === 'c')),
    );
  });
});

describe('a Kinesis stream', () => {
  it('stores the records that it gives up in a bucket, and the rule on the bucket notifies its queue', async () => {
    const file = join(folder, 'records');
    const host = await hostOf(recorder(file, `throw new Error('No.')`), {
      Stream: stream,
      Failures: bucket('failures'),
      Notices: queue('notices'),
      Others: queue('others'),
      Rule: ruleOn('failures', 'Notices'),
      RuleOnAnother: ruleOn('documents', 'Others'),
      Map: mapping(streamArn, {
        MaximumRetryAttempts: 1,
        DestinationConfig: { OnFailure: { Destination: failuresArn } },
      }),
    });
    await send(clientOf(host, 'kinesis'), '1', '2');
    const sqs = clientOf(host, 'sqs');
    const [notice] = await until(
      () => bodiesOf(sqs, 'notices'),
      ({ length }) => length > 0,
    );
    const { source, 'detail-type': type, detail } = JSON.parse(notice ?? '');
    expect({ source, type, bucket: detail.bucket.name }).toEqual({
      source: 'aws.s3',
      type: 'Object Created',
      bucket: 'failures',
    });
    expect(detail.object.key).toMatch(
      /^aws\/lambda\/Map\/shardId-000000000000\/\d{4}\/\d\d\/\d\d\/[-\d]{10}T\d\d\.\d\d\.\d\d-[-\da-f]{36}$/,
    );
    const { payload, ...metadata } = await objectOf(host, `failures/${detail.object.key}`);
    expect(metadata).toMatchObject({
      requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 2 },
      KinesisBatchInfo: { shardId: 'shardId-000000000000', batchSize: 2 },
    });
    expect(JSON.parse(String(payload))).toEqual({ Records: invocationsIn(file)[0] });
    expect(await bodiesOf(sqs, 'others')).toEqual([]);
  });

  it('feeds a function with the records whose JSON its filter accepts', async () => {
    const file = join(folder, 'records');
    const FilterCriteria = {
      Filters: [{ Pattern: '{"data":{"category":["ledger"]},"partitionKey":["p"]}' }],
    };
    const host = await hostOf(recorder(file), {
      Stream: stream,
      Map: mapping(streamArn, { FilterCriteria }),
    });
    const own = ['{"category":"ledger","n":1}', '{"category":"ledger","n":2}'] as const;
    const others = ['{"category":"metrics"}', '[{"category":"ledger"}]', 'no JSON', '"ledger"', 'null'];
    await send(clientOf(host, 'kinesis'), ...others, own[0], ...others, own[1]);
    await until(
      () => textsOf(file).flat(),
      (texts) => texts.includes(own[1]),
    );
    expect(textsOf(file).flat()).toEqual(own);
  });

  it('feeds a function in order, batch by batch', async () => {
    const file = join(folder, 'records');
    const host = await hostOf(recorder(file), { Stream: stream, Map: mapping(streamArn, { BatchSize: 2 }) });
    await send(clientOf(host, 'kinesis'), '1', '2', '3', '4', '5');
    await until(
      () => textsOf(file).flat(),
      ({ length }) => length >= 5,
    );
    expect(textsOf(file)).toEqual([['1', '2'], ['3', '4'], ['5']]);
    expect(invocationsIn(file)[0]?.[0]).toMatchObject({
      eventSource: 'aws:kinesis',
      eventName: 'aws:kinesis:record',
      eventID: expect.stringMatching(/^shardId-000000000000:\d+$/),
      kinesis: { partitionKey: 'p' },
    });
  });
});

describe('a queue', () => {
  it('delivers a message with its attributes, after its delay', async () => {
    const file = join(folder, 'records');
    const host = await hostOf(recorder(file), {
      Queue: queue('work'),
      Map: mapping({ 'Fn::GetAtt': ['Queue', 'Arn'] }),
    });
    const sqs = clientOf(host, 'sqs');
    const { QueueUrl } = await sqs.call<{ QueueUrl: string }>('GetQueueUrl', { QueueName: 'work' });
    const MessageAttributes = { attempt: { DataType: 'Number', StringValue: '2' } };
    const late = { QueueUrl, MessageBody: 'late', DelaySeconds: 1, MessageAttributes };
    await sqs.call('SendMessage', late);
    await sqs.call('SendMessage', { QueueUrl, MessageBody: 'soon' });
    const [[soon] = [], [delayed] = []] = await until(
      () => invocationsIn(file),
      ({ length }) => length === 2,
    );
    expect(soon).toMatchObject({ body: 'soon', messageAttributes: {} });
    expect(delayed).toMatchObject({
      body: 'late',
      messageAttributes: { attempt: { stringValue: '2', dataType: 'Number' } },
    });
  });

  it('keeps only failed messages, and moves them on after the last receive', async () => {
    const file = join(folder, 'records');
    const consumer = recorder(
      file,
      `return { batchItemFailures: Records.filter((it) => it.body === 'bad').map((it) => ({ itemIdentifier: it.messageId })) };`,
    );
    const host = await hostOf(consumer, {
      Failures: queue('failures'),
      Queue: queue('work', {
        VisibilityTimeout: 1,
        RedrivePolicy: { deadLetterTargetArn: failuresArn, maxReceiveCount: 2 },
      }),
      Map: mapping({ 'Fn::GetAtt': ['Queue', 'Arn'] }),
    });
    const sqs = clientOf(host, 'sqs');
    const { QueueUrl } = await sqs.call<{ QueueUrl: string }>('GetQueueUrl', { QueueName: 'work' });
    for (const MessageBody of ['good', 'bad']) await sqs.call('SendMessage', { QueueUrl, MessageBody });
    const bodies = await until(
      () => bodiesOf(sqs, 'failures'),
      ({ length }) => length > 0,
    );
    expect(bodies).toEqual(['bad']);
    const received = invocationsIn(file)
      .flat()
      .map((it) => it.body);
    expect(received.sort()).toEqual(['bad', 'bad', 'good']);
  });
});
