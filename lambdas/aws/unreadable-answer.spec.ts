import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isOutage } from '../kernel/index.ts';
import { clientSettings } from './client-settings.ts';

let [status, body] = [200, ''];
let server: Server;
let settings: object;

beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume();
    request.on('end', () => response.writeHead(status).end(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  settings = {
    ...clientSettings({ requestTimeoutMs: 3_000, maxAttempts: 1 }),
    endpoint: `http://127.0.0.1:${port}`,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  };
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const calls: Readonly<Record<string, () => Promise<unknown>>> = {
  DynamoDB: () =>
    new DynamoDBClient(settings).send(new GetItemCommand({ TableName: 'none', Key: { a: { S: 'x' } } })),
  Kinesis: () =>
    new KinesisClient(settings).send(
      new PutRecordsCommand({
        StreamName: 'none',
        Records: [{ Data: Buffer.from('x'), PartitionKey: 'p' }],
      }),
    ),
  SQS: () => {
    const Entries = [{ Id: '1', MessageBody: 'x' }];
    return new SQSClient(settings).send(new SendMessageBatchCommand({ QueueUrl: 'http://none/q', Entries }));
  },
};

describe.each(Object.keys(calls))('an answer of %s', (service) => {
  const failure = (answer: readonly [number, string]) => {
    [status, body] = answer;
    return calls[service]?.().then(
      () => undefined,
      (error: unknown) => error,
    );
  };

  it.each([
    ['the page of a proxy', [200, '<html>Log in</html>']],
    ['the error page of a proxy', [400, '<html>No</html>']],
    ['JSON that ends early', [200, '{"Item":{"a":{']],
  ] as const)('that is %s is an outage', async (_name, answer) => {
    const error = await failure(answer);
    expect(error).toMatchObject({ name: 'SyntaxError' });
    expect(isOutage(error)).toBe(true);
  });

  it('that names an error is one only if that error is', async () => {
    const named = (type: string) => [400, JSON.stringify({ __type: type, message: 'No.' })] as const;
    expect(isOutage(await failure(named('x#ValidationException')))).toBe(false);
    expect(isOutage(await failure(named('x#ThrottlingException')))).toBe(true);
  });
});
