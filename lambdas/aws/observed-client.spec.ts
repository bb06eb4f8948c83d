import { globSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import {
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ObservedCall } from './call-description.ts';
import { clientSettings } from './client-settings.ts';
import { type ObservedResult, observeCalls, observed } from './observed-client.ts';

type Answer = readonly [status: number, body: string];
const busy: Answer = [500, '{"__type":"InternalServerError"}'];
const refused: Answer = [400, '{"__type":"x#ConditionalCheckFailedException","message":"No."}'];

let answers: Answer[] = [];
let server: Server;
let settings: ReturnType<typeof clientSettings> & { endpoint: string };
let seen: { call: ObservedCall; result: ObservedResult; outcome: unknown }[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      const [status, body] = answers.shift() ?? [200, '{}'];
      response.writeHead(status, { 'x-amzn-requestid': 'request-1' }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  settings = {
    ...clientSettings({ requestTimeoutMs: 3_000 }),
    endpoint: `http://127.0.0.1:${port}`,
    ...{ region: 'eu-central-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } },
  };
});
beforeEach(() => {
  [answers, seen] = [[], []];
  observeCalls({
    call: async (call, run, resultOf) => {
      const noted = (outcome: unknown) => seen.push({ call, result: resultOf(outcome), outcome });
      try {
        const result = await run();
        noted(result);
        return result;
      } catch (error) {
        noted(error);
        throw error;
      }
    },
  });
});
afterEach(() => observeCalls(undefined));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const get = new GetItemCommand({ TableName: 'log', Key: { id: { S: 'personal' } } });
const dynamoDB = () => observed(new DynamoDBClient(settings));

describe('a call of an observed client', () => {
  it('is one, with all its attempts', async () => {
    answers = [busy];
    await expect(dynamoDB().send(get)).resolves.toMatchObject({ $metadata: { attempts: 2 } });
    expect(seen).toMatchObject([
      {
        call: { service: 'DynamoDB', operation: 'GetItem' },
        result: { attempts: 2, requestId: 'request-1' },
      },
    ]);
  });

  it('has the attempts and the request of an error', async () => {
    answers = [refused];
    await expect(dynamoDB().send(get)).rejects.toThrow('No.');
    answers = [busy, busy, busy, busy];
    await expect(dynamoDB().send(get)).rejects.toThrow();
    expect(seen.map(({ result }) => result)).toEqual([
      { attempts: 1, requestId: 'request-1' },
      { attempts: 4, requestId: 'request-1' },
    ]);
  });

  it('has the attempts of one that nobody answered', async () => {
    const client = observed(
      new DynamoDBClient({ ...settings, endpoint: 'http://127.0.0.1:1', maxAttempts: 2 }),
    );
    await expect(client.send(get)).rejects.toThrow();
    expect(seen.map(({ result }) => result)).toEqual([{ attempts: 2, requestId: undefined }]);
  });

  it('is made without an observer too', async () => {
    observeCalls(undefined);
    await expect(dynamoDB().send(get)).resolves.toBeDefined();
    expect(seen).toEqual([]);
  });

  it('is none if a URL is signed', async () => {
    const client = observed(new S3Client({ ...settings, forcePathStyle: true }));
    const command = new GetObjectCommand({ Bucket: 'documents', Key: 'personal' });
    await expect(getSignedUrl(client, command)).resolves.toContain('X-Amz-Signature');
    expect(seen).toEqual([]);
  });
});

/** Each call with what is said about it besides the system of RPC. */
const described: readonly [string, () => Promise<unknown>, ObservedCall['attributes']][] = [
  [
    'DynamoDB.Query',
    () => dynamoDB().send(new QueryCommand({ TableName: 'log', KeyConditionExpression: 'personal' })),
    {
      ...{ 'db.system.name': 'aws.dynamodb', 'db.operation.name': 'Query' },
      ...{ 'aws.dynamodb.table_names': ['log'], 'db.collection.name': 'log' },
    },
  ],
  [
    'DynamoDB.TransactWriteItems',
    () =>
      dynamoDB().send(
        new TransactWriteItemsCommand({
          TransactItems: [
            { Put: { TableName: 'log', Item: { id: { S: 'personal' } } } },
            { Delete: { TableName: 'keys', Key: { id: { S: 'personal' } } } },
            { ConditionCheck: { TableName: 'log', Key: {}, ConditionExpression: 'personal' } },
          ],
        }),
      ),
    {
      ...{ 'db.system.name': 'aws.dynamodb', 'db.operation.name': 'TransactWriteItems' },
      'aws.dynamodb.table_names': ['log', 'keys'],
    },
  ],
  [
    'SQS.SendMessageBatch',
    () =>
      observed(new SQSClient({ ...settings, useQueueUrlAsEndpoint: false })).send(
        new SendMessageBatchCommand({
          QueueUrl: 'https://sqs.eu-central-1.amazonaws.com/123456789012/todo.fifo',
          Entries: [
            { Id: '1', MessageBody: 'personal' },
            { Id: '2', MessageBody: 'personal' },
          ],
        }),
      ),
    {
      ...{ 'messaging.system.name': 'aws.sqs', 'messaging.destination.name': 'todo.fifo' },
      ...{ 'messaging.operation.name': 'SendMessageBatch', 'messaging.operation.type': 'send' },
      'messaging.batch.message_count': 2,
    },
  ],
  [
    'SQS.GetQueueAttributes',
    () =>
      observed(new SQSClient({ ...settings, useQueueUrlAsEndpoint: false })).send(
        new GetQueueAttributesCommand({ QueueUrl: 'http://127.0.0.1/000000000000/todo' }),
      ),
    { 'messaging.system.name': 'aws.sqs', 'messaging.destination.name': 'todo' },
  ],
  [
    'Kinesis.PutRecords',
    () =>
      observed(new KinesisClient(settings)).send(
        new PutRecordsCommand({
          StreamName: 'events',
          Records: [{ Data: Buffer.from('personal'), PartitionKey: 'personal' }],
        }),
      ),
    {
      ...{ 'messaging.system.name': 'aws.kinesis', 'messaging.destination.name': 'events' },
      ...{ 'messaging.operation.name': 'PutRecords', 'messaging.operation.type': 'send' },
      ...{ 'messaging.batch.message_count': 1, 'aws.kinesis.stream_name': 'events' },
    },
  ],
  [
    'S3.GetObject',
    () =>
      observed(new S3Client({ ...settings, forcePathStyle: true })).send(
        new GetObjectCommand({ Bucket: 'documents', Key: 'personal' }),
      ),
    { 'aws.s3.bucket': 'documents' },
  ],
];

it.each(described)('%s says what it is about, and nothing of its content', async (name, send, attributes) => {
  await send().catch(() => undefined);
  const [service, operation] = name.split('.');
  expect(seen.map(({ call }) => JSON.parse(JSON.stringify(call)))).toEqual([
    {
      ...{ service, operation },
      attributes: { 'rpc.system.name': 'aws-api', 'rpc.method': `${service}/${operation}`, ...attributes },
    },
  ]);
});

it('every client is observed, but the one of the exporter', () => {
  const root = join(import.meta.dirname, '..');
  const sources = globSync('**/*.ts', {
    cwd: root,
    exclude: (path) => /\.(spec|contract|fixture)\.ts$/.test(path),
  });
  const unobserved = sources
    .flatMap((path) => [...readFileSync(join(root, path), 'utf8').matchAll(/(\S*)\s*new (\w+)Client\(/g)])
    .filter(([, before]) => !before?.endsWith('observed('))
    .map(([, , name]) => name);
  expect(unobserved).toEqual(['SecretsManager']);
});

it('a command with a strange input is described too', async () => {
  const strange = new PutItemCommand({
    TableName: 1,
    Item: null,
    TransactItems: [null, 'x', { Put: null }],
  } as never);
  await dynamoDB()
    .send(strange)
    .catch(() => undefined);
  expect(seen).toHaveLength(1);
});
