import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterEach, describe, expect, it } from '@jest/globals';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { isOutage } from '../outage.ts';
import { queryPage } from './query-page.ts';

let server: Server | undefined;
let client: DynamoDBClient | undefined;
afterEach(() => {
  client?.destroy();
  server?.closeAllConnections();
  server?.close();
});

/** A client of a service that answers each attempt with the next of these, and the last one from then on. */
async function clientOf(...answers: readonly [RequestListener, ...RequestListener[]]) {
  let attempts = 0;
  const started = createServer((request, response) => {
    const answer = answers[Math.min(attempts, answers.length - 1)] ?? answers[0];
    attempts += 1;
    answer(request, response);
  });
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  client = new DynamoDBClient({
    requestHandler: new NodeHttpHandler({ requestTimeout: 300, throwOnRequestTimeout: true }),
    maxAttempts: 4,
    endpoint: `http://127.0.0.1:${(started.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  return { client, attempts: () => attempts };
}

const answer =
  (status: number, body: string): RequestListener =>
  (_request, response) =>
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(body);
const refuse = (status: number, type: string) =>
  answer(status, JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: 'No.' }));

const page = JSON.stringify({ Count: 1, Items: [{ id: { S: 'a' } }], ScannedCount: 1 });
const cut: RequestListener = (_request, response) => {
  response.writeHead(200, { 'content-length': page.length });
  response.write(page.slice(0, 20), () => response.destroy());
};
const query = { TableName: 'EventLog' };

describe('a page of a query', () => {
  it.each([
    ['is throttled', refuse(400, 'ProvisionedThroughputExceededException')],
    ['fails inside', refuse(500, 'InternalServerError')],
    ['is not JSON and no success', answer(503, '<html>')],
    ['closes the connection', ((request) => request.socket.destroy()) satisfies RequestListener],
    ['closes the connection in the middle of the body', cut],
    ['does not answer in time', (() => undefined) satisfies RequestListener],
  ])('is asked for again if the service %s', async (_name, fault) => {
    const failing = await clientOf(fault, answer(200, page));
    expect((await queryPage(failing.client, query)).items).toEqual([{ id: { S: 'a' } }]);
    expect(failing.attempts()).toBe(2);
  });

  it('fails after the attempts of the client', async () => {
    const broken = await clientOf(refuse(500, 'InternalServerError'));
    await expect(queryPage(broken.client, query)).rejects.toMatchObject({
      name: 'InternalServerError',
      $metadata: { httpStatusCode: 500, attempts: 4 },
    });
    expect(broken.attempts()).toBe(4);
  });

  it('is refused with the error of the service', async () => {
    const { client: refused, attempts } = await clientOf(refuse(400, 'ResourceNotFoundException'));
    await expect(queryPage(refused, query)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'No.',
      $metadata: { httpStatusCode: 400 },
    });
    expect(attempts()).toBe(1);
  });

  it.each([
    ['is empty', answer(200, '')],
    ['has no items', answer(200, '{"Count":0}')],
    ['is torn', answer(200, page.slice(0, 20))],
    ['is not an object', answer(200, 'null')],
    ['is the page of a proxy', answer(200, '<html>Log in</html>')],
  ])('is an outage, and not an empty page, if the body %s', async (_name, odd) => {
    const { client: other } = await clientOf(odd);
    const error = await queryPage(other, query).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(isOutage(error)).toBe(true);
  });

  it('can be aborted, before and while it is read', async () => {
    const closed: Promise<unknown>[] = [];
    const { client: slow } = await clientOf((request, response) => {
      closed.push(new Promise((resolve) => request.socket.once('close', resolve)));
      response.writeHead(200, { 'content-length': page.length });
      response.write(page.slice(0, 20));
    });
    const abort = new AbortController();
    const reading = queryPage(slow, query, abort.signal);
    const failed = expect(reading).rejects.toThrow();
    while (closed.length === 0) await new Promise(setImmediate);
    abort.abort();
    await failed;
    await Promise.all(closed);
    await expect(queryPage(slow, query, abort.signal)).rejects.toMatchObject({ name: 'AbortError' });
    expect(closed).toHaveLength(1);
  });
});
