import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, ListBucketsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type AppFixture, httpApiTo, writeApp } from '../../test/support/app-fixture.ts';
import { until } from '../../test/support/until.ts';
import { awsClient } from './aws-json.ts';
import { silentConsole } from './console.ts';
import { type Host, type HostOptions, startHost } from './host.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function hostOf(app: AppFixture, options: Partial<HostOptions> = {}): Promise<Host> {
  cleanups.push(() => app.remove());
  const host = await startHost({ httpPort: 0, awsPort: 0, assemblyFolder: app.folder, ...options });
  cleanups.push(() => host.stop());
  return host;
}

const echo = {
  source: 'exports.handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) })',
};

describe('the HTTP endpoint', () => {
  it('sends the event that API Gateway sends', async () => {
    const { httpUrl } = await hostOf(writeApp({ echo }, httpApiTo('echo')));
    const response = await fetch(`${httpUrl}/a%20b/c?x=1&x=2&y=%2F`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Cookie: 'a=1; b=2', 'X-Mine': 'Yes' },
      body: '{"amount":1}',
    });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      version: '2.0',
      routeKey: '$default',
      rawPath: '/a%20b/c',
      rawQueryString: 'x=1&x=2&y=%2F',
      queryStringParameters: { x: '1,2', y: '/' },
      cookies: ['a=1', 'b=2'],
      headers: { 'content-type': 'application/json', 'x-mine': 'Yes', 'x-forwarded-proto': 'http' },
      body: '{"amount":1}',
      isBase64Encoded: false,
      requestContext: { http: { method: 'POST', path: '/a%20b/c' }, stage: '$default' },
    });
  });

  it('says where the functions are, if the app has no HTTP API', async () => {
    const { httpUrl, hasHttpApi, awsUrl } = await hostOf(writeApp({ echo }, {}));
    expect(hasHttpApi).toBe(false);
    const response = await fetch(`${httpUrl}/health`);
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({
      message: 'This app has no HTTP API. Invoke its functions directly, at the port of the AWS APIs.',
    });
    const invoked = await fetch(`${awsUrl}/2015-03-31/functions/echo/invocations`, {
      method: 'POST',
      body: '{}',
    });
    expect(await invoked.json()).toEqual({ statusCode: 200, body: '{}' });
  });

  it('encodes a body that is not text', async () => {
    const { httpUrl } = await hostOf(writeApp({ echo }, httpApiTo('echo')));
    const response = await fetch(httpUrl, {
      method: 'POST',
      headers: { 'Content-Type': 'application/octet-stream' },
      body: Buffer.from([0, 255]),
    });
    expect(await response.json()).toMatchObject({ body: 'AP8=', isBase64Encoded: true });
  });

  it('encodes text that is not UTF-8, which would arrive changed', async () => {
    const { httpUrl } = await hostOf(writeApp({ echo }, httpApiTo('echo')));
    const post = async (body: Buffer<ArrayBuffer>) => {
      const headers = { 'Content-Type': 'application/json' };
      return (await fetch(httpUrl, { method: 'POST', headers, body })).json();
    };
    const latin1 = Buffer.from('{"name":"Z\xfcrich"}', 'latin1');
    expect(await post(latin1)).toMatchObject({ body: latin1.toString('base64'), isBase64Encoded: true });
    const text = '{"name":"Zürich 💶"}';
    expect(await post(Buffer.from(text))).toMatchObject({ body: text, isBase64Encoded: false });
  });

  it('sends the length of a body, but not for HEAD', async () => {
    const short = {
      source: `exports.handler = async ({ requestContext: { http } }) =>
        ({ statusCode: 200, body: http.method === 'HEAD' ? '' : 'abc' })`,
    };
    const { httpUrl } = await hostOf(writeApp({ short }, httpApiTo('short')));
    const lengthOf = async (method: string) =>
      (await fetch(httpUrl, { method })).headers.get('content-length');
    expect(await lengthOf('GET')).toBe('3');
    expect(await lengthOf('HEAD')).toBeNull();
  });

  it('does not reveal the error of a function, but where to look for it', async () => {
    const failing = { source: `exports.handler = async () => { throw new Error('secret') }` };
    const warned: string[] = [];
    const console = { ...silentConsole, warn: (line: string) => void warned.push(line) };
    const { httpUrl } = await hostOf(writeApp({ failing }, httpApiTo('failing')), { console });
    const response = await fetch(`${httpUrl}/a?b=c`);
    expect(response.status).toBe(500);
    const body = JSON.parse(await response.text());
    expect(body).toEqual({
      message: 'Internal Server Error',
      function: 'failing',
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      see: 'failure 1 in the output of the host',
    });
    expect(warned).toEqual([
      expect.stringMatching(
        `^Failure 1: failing failed on GET /a \\(request ${body.requestId}\\)\\.\n  Error: secret`,
      ),
    ]);
  });

  it('refuses more than 10 MB', async () => {
    const { httpUrl } = await hostOf(writeApp({ echo }, httpApiTo('echo')));
    const response = await fetch(httpUrl, { method: 'POST', body: Buffer.alloc(10 * 1024 * 1024 + 1) });
    expect(response.status).toBe(413);
  });
});

describe('the AWS endpoint', () => {
  const app = () =>
    writeApp(
      { echo, failing: { source: `exports.handler = async () => { throw new Error('no') }` } },
      { Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'mine' } } },
    );
  const invoke = (awsUrl: string, name: string, headers: Record<string, string> = {}) =>
    fetch(`${awsUrl}/2015-03-31/functions/${name}/invocations`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: '{"a":1}',
    });

  it('invokes functions by name and ARN', async () => {
    const { awsUrl } = await hostOf(app());
    for (const name of ['echo', 'arn:aws:lambda:us-east-1:000000000000:function:echo']) {
      const response = await invoke(awsUrl, encodeURIComponent(name));
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({ statusCode: 200, body: '{"a":1}' });
    }
    expect((await invoke(awsUrl, 'echo', { 'x-amz-invocation-type': 'Event' })).status).toBe(202);
  });

  it('reports how an invocation failed', async () => {
    const { awsUrl } = await hostOf(app());
    const failed = await invoke(awsUrl, 'failing');
    expect(failed.status).toBe(200);
    expect(failed.headers.get('x-amz-function-error')).toBe('Unhandled');
    expect(await failed.json()).toMatchObject({ errorType: 'Error', errorMessage: 'no' });
    const missing = await invoke(awsUrl, 'missing');
    expect(missing.status).toBe(404);
    expect(missing.headers.get('x-amzn-errortype')).toBe('ResourceNotFoundException');
  });

  it('goes on when a client leaves before the answer, and stops while a function runs', async () => {
    const slow = {
      source: `exports.handler = ({ long }) => long ? new Promise(() => console.log('runs')) : 'short'`,
      properties: { Timeout: 900 },
    };
    const lines: string[] = [];
    const console = { ...silentConsole, functionLog: (_: string, line: string) => lines.push(line) };
    const host = await hostOf(writeApp({ slow }), { console });
    const path = `${host.awsUrl}/2015-03-31/functions/slow/invocations`;
    const leaving = new AbortController();
    const left = fetch(path, { method: 'POST', body: '{"long":true}', signal: leaving.signal });
    const ends = left.then(
      () => 'answered',
      () => 'left',
    );
    await until(
      () => lines,
      ({ length }) => length === 1,
    );
    leaving.abort();
    expect(await ends).toBe('left');
    const other = await fetch(path, { method: 'POST', body: '{}' });
    expect(await other.json()).toBe('short');
    await host.stop();
  });

  it('lists functions and passes other calls to their engines, signed or not', async () => {
    const { awsUrl } = await hostOf(app());
    const functions = await (await fetch(`${awsUrl}/2015-03-31/functions/`)).json();
    expect(functions).toMatchObject({ Functions: [{ FunctionName: 'echo' }, { FunctionName: 'failing' }] });
    for (const [service, operation, expected] of [
      ['dynamodb', 'ListTables', { TableNames: [] }],
      ['kinesis', 'ListStreams', { StreamNames: [] }],
      ['sqs', 'ListQueues', { QueueUrls: [expect.stringMatching(/\/mine$/)] }],
    ] as const) {
      const client = awsClient(awsUrl, service);
      expect(await client.call(operation, {})).toMatchObject(expected);
    }
    const unsigned = await fetch(awsUrl, {
      method: 'POST',
      headers: {
        'x-amz-target': 'Kinesis_20131202.ListStreams',
        'content-type': 'application/x-amz-json-1.1',
      },
      body: '{}',
    });
    expect(await unsigned.json()).toMatchObject({ StreamNames: [] });
  });

  it('serves the buckets of the app, and keeps them across restarts', async () => {
    const persistFolder = mkdtempSync(join(tmpdir(), 'streamfold-data-'));
    cleanups.unshift(() => rmSync(persistFolder, { recursive: true }));
    const withBucket = () => writeApp({ echo }, { Documents: { Type: 'AWS::S3::Bucket' } });
    const s3Of = (awsUrl: string) => {
      const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
      const client = new S3Client({
        endpoint: awsUrl,
        region: 'us-east-1',
        credentials,
        forcePathStyle: true,
      });
      cleanups.push(() => client.destroy());
      return client;
    };
    const first = await hostOf(withBucket(), { persistFolder });
    const { Buckets = [] } = await s3Of(first.awsUrl).send(new ListBucketsCommand());
    const names = Buckets.map(({ Name }) => Name);
    expect(names).toEqual(['app-documents']);
    const object = { Bucket: 'app-documents', Key: 'a' };
    await s3Of(first.awsUrl).send(new PutObjectCommand({ ...object, Body: 'kept' }));
    await first.stop();
    const second = await hostOf(withBucket(), { persistFolder });
    const { Body } = await s3Of(second.awsUrl).send(new GetObjectCommand(object));
    expect(await Body?.transformToString()).toBe('kept');
  });

  it('names the call that it does not support', async () => {
    const { awsUrl } = await hostOf(app());
    const headers = { 'x-amz-target': 'AWSStepFunctions.ListStateMachines' };
    const response = await fetch(awsUrl, { method: 'POST', headers, body: '{}' });
    expect(response.status).toBe(501);
    expect(await response.text()).toContain(
      'AWSStepFunctions.ListStateMachines is not supported. This is the local host',
    );
    const deleted = await fetch(`${awsUrl}/2015-03-31/functions/echo`, { method: 'DELETE' });
    expect(deleted.status).toBe(501);
    expect(await deleted.text()).toContain('does not support DELETE /2015-03-31/functions/echo');
    const dryRun = await invoke(awsUrl, 'echo', { 'x-amz-invocation-type': 'DryRun' });
    expect(dryRun.status).toBe(501);
  });
});

describe('a host that cannot start', () => {
  const failureOf = (options: Partial<HostOptions>, app = writeApp({ echo })) =>
    hostOf(app, options).then(
      () => undefined,
      (error) => ({ name: error.name, message: error.message }),
    );

  it('names the port that is in use, and its option', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    cleanups.push(() => new Promise((resolve) => server.close(resolve)));
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    const taken = { name: 'UserError', message: expect.stringMatching(`^Port ${port} is in use.*--aws`) };
    expect(await failureOf({ awsPort: port })).toEqual(taken);
  });

  it.each(['httpPort', 'awsPort'] as const)('names the other host that has the %s', async (option) => {
    const { httpUrl, awsUrl } = await hostOf(writeApp({ echo }));
    const port = Number(new URL(option === 'httpPort' ? httpUrl : awsUrl).port);
    const message = expect.stringMatching(
      `^A host runs already, and has port ${port}: process ${process.pid} of .*, at ${httpUrl}\\.\n.*kill ${process.pid}`,
    );
    expect(await failureOf({ [option]: port })).toEqual({ name: 'UserError', message });
  });

  it.each<[string, string, Record<string, unknown>, string]>([
    ['type', 'AWS::Events::EventBus', {}, 'this type is not supported'],
    ['property', 'AWS::SQS::Queue', { DelaySeconds: 1 }, 'the property DelaySeconds is not supported.'],
    [
      'intrinsic function',
      'AWS::SQS::Queue',
      { QueueName: { 'Fn::ImportValue': 'x' } },
      'the intrinsic function Fn::ImportValue is not supported.',
    ],
    [
      'attribute',
      'AWS::SQS::Queue',
      { QueueName: { 'Fn::GetAtt': ['echo', 'Version'] } },
      'the attribute Version of echo is not supported.',
    ],
    ['protocol', 'AWS::ApiGatewayV2::Api', { ProtocolType: 'WEBSOCKET' }, 'only HTTP APIs are supported.'],
    [
      'schedule',
      'AWS::Events::Rule',
      rule({}, { ScheduleExpression: 'cron(0 9 * * ? *)' }),
      'the schedule cron(',
    ],
    [
      'option of a target',
      'AWS::Events::Rule',
      rule({ InputPath: '$' }, { ScheduleExpression: 'rate(1 minute)' }),
      'the property InputPath of a target is not supported.',
    ],
    [
      'rule for another target',
      'AWS::Events::Rule',
      rule({}, { EventPattern: { source: ['aws.s3'] } }),
      'only rules that send events of buckets to queues are supported.',
    ],
  ])('names the resource with a %s that it does not support', async (_, Type, Properties, sentence) => {
    const app = writeApp({ echo }, { Odd: { Type, Properties } });
    const message = expect.stringContaining(`The local host cannot create ${Type} Odd: ${sentence}`);
    expect(await failureOf({}, app)).toEqual({ name: 'UserError', message });
  });

  it('says that no DynamoDB answers', async () => {
    const message = expect.stringMatching(/^No DynamoDB answers at http:\/\/127.0.0.1:1 /);
    expect(await failureOf({ dynamodbUrl: 'http://127.0.0.1:1' })).toEqual({ name: 'UserError', message });
  });

  it('says that another host uses the folder', async () => {
    const persistFolder = mkdtempSync(join(tmpdir(), 'streamfold-data-'));
    cleanups.push(() => rmSync(persistFolder, { recursive: true }));
    await hostOf(writeApp({ echo }), { persistFolder });
    const message = expect.stringMatching(/^Another running host uses /);
    expect(await failureOf({ persistFolder })).toEqual({ name: 'UserError', message });
  });
});

/** The properties of a rule for the function `echo`. */
function rule(target: object, more: object): Record<string, unknown> {
  return { Targets: [{ Id: 'Target0', Arn: { 'Fn::GetAtt': ['echo', 'Arn'] }, ...target }], ...more };
}
