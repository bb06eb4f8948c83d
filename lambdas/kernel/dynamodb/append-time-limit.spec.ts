import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterEach, describe, expect, it } from '@jest/globals';
import { CommitClock } from '../commit-clock.ts';
import { commitAt, newStream } from '../testing/commits.fixture.ts';
import { simulatedEffects } from '../testing/simulated-effects.ts';
import { DynamoDBEventLog } from './dynamodb-event-log.ts';
import { measureClock } from './measure-clock.ts';

const table = { name: 'EventLog', partitionKey: 'stream', sortKey: 'version' };

let server: Server | undefined;
let client: DynamoDBClient | undefined;
afterEach(() => {
  client?.destroy();
  server?.closeAllConnections();
  server?.close();
});

/** A client of a service that answers as `listener` does. */
async function clientOf(listener: RequestListener): Promise<DynamoDBClient> {
  const started = createServer(listener);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${(started.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  return client;
}

const one = () => [commitAt(newStream(), 1)];
const two = () => [commitAt(newStream(), 1), commitAt(newStream(), 1)];

describe.each([
  ['one stream', one],
  ['two streams', two],
])('an append to %s', (_name, commits) => {
  it('is cut off and closes its connection if the service does not answer', async () => {
    let closed: Promise<unknown> | undefined;
    const silent = await clientOf((request) => {
      closed = new Promise((resolve) => request.on('close', resolve));
    });
    const log = new DynamoDBEventLog(silent, table, { ...simulatedEffects(), cutOffMs: 300 });
    expect(await log.append(commits())).toBe('unknown');
    await closed;
  });

  it('begins no attempt after the time limit, although no timer has ended it', async () => {
    const effects = simulatedEffects();
    let requests = 0;
    const failing = await clientOf((_request, response) => {
      requests += 1;
      // The process is paused here, and goes on later.
      effects.clock.now = '2026-01-02T04:00:00.000Z';
      response.writeHead(500).end('{}');
    });
    const log = new DynamoDBEventLog(failing, table, { ...effects, cutOffMs: 60_000 });
    expect(await log.append(commits())).toBe('unknown');
    expect(requests).toBe(1);
  });

  it('fails as before if the service refuses it in time', async () => {
    const body = JSON.stringify({ __type: 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException' });
    const refusing = await clientOf((_request, response) => response.writeHead(400).end(body));
    const log = new DynamoDBEventLog(refusing, table, simulatedEffects());
    await expect(log.append(commits())).rejects.toThrow(
      expect.objectContaining({ name: 'ResourceNotFoundException' }),
    );
  });
});

describe('the clock of a client', () => {
  it.each([
    ['a Date header', true, { lowestMs: -1_322, highestMs: 678 }],
    ['none', false, undefined],
  ])('learns from an answer with %s', async (_name, sendDate, offset) => {
    const effects = simulatedEffects();
    const clock = new CommitClock(effects);
    const answering = await clientOf((_request, response) => {
      response.sendDate = false;
      if (sendDate) response.setHeader('date', new Date(effects.now()).toUTCString());
      response.end('{}');
    });
    measureClock(answering, clock, effects);
    await new DynamoDBEventLog(answering, table, effects).append(one());
    expect(clock.offset).toEqual(offset);
  });
});
