import { createServer } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type OtlpReceiver, startOtlpReceiver } from '../../../test/support/otlp-receiver.ts';
import { until } from '../../../test/support/until.ts';
import { listen } from '../engines/free-port.ts';
import { functionResource } from './function-resource.ts';
import { LogForwarder } from './log-forwarder.ts';
import type { OtlpLogRecord } from './log-record.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Short enough for a test. A receiver that is `slow` never answers. */
const times = { interval: 10, pause: 20, answer: 1_000, flush: 1_000 };

/** A forwarder, and what the user is told. */
function forwarderTo(url: string) {
  const told: string[] = [];
  const tell = (line: string) => void told.push(line);
  const resourceOf = (name: string) => functionResource(name, { STAGE: 'local' });
  const forwarder = new LogForwarder({ url, resourceOf, times, warn: tell, say: tell });
  cleanups.push(() => forwarder.stop());
  return { forwarder, told };
}

async function setUp() {
  const receiver = await startOtlpReceiver();
  cleanups.push(() => receiver.stop());
  return { receiver, ...forwarderTo(receiver.url) };
}

const line = (message: string) => JSON.stringify({ level: 'INFO', message });
const metrics = JSON.stringify({
  _aws: { CloudWatchMetrics: [{ Namespace: 'Streamfold', Metrics: [{ Name: 'Commands', Unit: 'Count' }] }] },
  Commands: 2,
});

interface LogsBody {
  readonly resourceLogs: readonly {
    readonly resource: object;
    readonly scopeLogs: readonly { readonly logRecords: readonly OtlpLogRecord[] }[];
  }[];
}

/** The bodies of the requests to a path. */
const bodiesOf = ({ requests, bodies }: OtlpReceiver, path: string, from = 0) =>
  bodies.filter((_, index) => index >= from && requests[index] === path).map((body) => JSON.parse(body));

/** The messages of all log records since a request. */
function messagesOf(receiver: OtlpReceiver, from = 0): string[] {
  const bodies: LogsBody[] = bodiesOf(receiver, '/v1/logs', from);
  const records = bodies.flatMap(({ resourceLogs }) =>
    resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords)),
  );
  return records.map(({ body }) => String(body.stringValue));
}

describe('a receiver gets', () => {
  it('the log lines and the metrics of functions, each with its function', async () => {
    const { receiver, forwarder, told } = await setUp();
    forwarder.log('streamfold-local-api', line('one'));
    forwarder.log('streamfold-local-publisher', line('two'));
    forwarder.log('streamfold-local-api', metrics);
    forwarder.log('streamfold-local-api', line('three'));
    await until(
      () => receiver.requests,
      (requests) => requests.length === 2,
    );
    const [logs] = bodiesOf(receiver, '/v1/logs') as LogsBody[];
    const resource = (name: string) => ({
      attributes: expect.arrayContaining([{ key: 'service.name', value: { stringValue: name } }]),
    });
    const recordsOf = (...messages: string[]) => [
      {
        scope: {},
        logRecords: messages.map((stringValue) => expect.objectContaining({ body: { stringValue } })),
      },
    ];
    expect(logs?.resourceLogs).toEqual([
      { resource: resource('api'), scopeLogs: recordsOf('one', 'three') },
      { resource: resource('publisher'), scopeLogs: recordsOf('two') },
    ]);
    expect(bodiesOf(receiver, '/v1/metrics')).toMatchObject([
      {
        resourceMetrics: [
          {
            resource: resource('api'),
            scopeMetrics: [{ scope: { name: 'Streamfold' }, metrics: [{ name: 'Commands', unit: '1' }] }],
          },
        ],
      },
    ]);
    expect(told).toEqual([]);
  });

  it('every line in its order, in requests of 512 at most, also what comes meanwhile', async () => {
    const { receiver, forwarder } = await setUp();
    const messages = Array.from({ length: 1_500 }, (_, index) => String(index));
    for (const message of messages) forwarder.log('f', line(message));
    await until(
      () => messagesOf(receiver).length,
      (count) => count >= messages.length,
    );
    expect(messagesOf(receiver)).toEqual(messages);
    expect(receiver.requests.length).toBeGreaterThanOrEqual(3);
  });

  it('the rest at a stop', async () => {
    const { receiver, forwarder } = await setUp();
    for (let index = 0; index < 600; index += 1) forwarder.log('f', line(String(index)));
    forwarder.log('f', metrics);
    await forwarder.stop();
    expect(messagesOf(receiver)).toHaveLength(600);
    expect(bodiesOf(receiver, '/v1/metrics')).toHaveLength(1);
    forwarder.log('f', line('after'));
    await forwarder.stop();
    expect(messagesOf(receiver)).not.toContain('after');
  });
});

describe('a receiver that does not work', () => {
  it.each(['down', 'slow', 'error', 'closes'] as const)(
    'is told once, and so is that it works again: %s',
    async (state) => {
      const { receiver, forwarder, told } = await setUp();
      await receiver.become(state);
      forwarder.log('f', line('one'));
      forwarder.log('f', metrics);
      await until(
        () => told,
        ({ length }) => length > 0,
      );
      forwarder.log('f', line('two'));
      if (state !== 'down')
        await until(
          () => receiver.requests,
          ({ length }) => length >= 6,
        );
      expect(told).toEqual([
        expect.stringMatching(
          /^The receiver at http:\/\/127\.0\.0\.1:\d+ does not take (logs|metrics) \(.+\)\./,
        ),
      ]);
      const failed = receiver.requests.length;
      await receiver.become('works');
      await until(
        () => told,
        ({ length }) => length > 1,
      );
      expect(told[1]).toMatch(/^The receiver at \S+ works again\.$/);
      await until(
        () => messagesOf(receiver, failed),
        ({ length }) => length === 2,
      );
      expect(messagesOf(receiver, failed)).toEqual(['one', 'two']);
      expect(bodiesOf(receiver, '/v1/metrics', failed)).toHaveLength(1);
    },
  );

  it('gets the newest lines when it works again, and the user hears how many were dropped', async () => {
    const { receiver, forwarder, told } = await setUp();
    await receiver.become('error');
    for (let index = 0; index < 2_148; index += 1) forwarder.log('f', line(String(index)));
    await until(
      () => told,
      ({ length }) => length > 0,
    );
    await until(
      () => receiver.requests,
      ({ length }) => length > 1,
    );
    const failed = receiver.requests.length;
    await receiver.become('works');
    await until(
      () => told,
      ({ length }) => length > 1,
    );
    expect(told[1]).toMatch(/ works again\. 100 log lines were dropped\.$/);
    await until(
      () => messagesOf(receiver, failed),
      ({ length }) => length >= 2_048,
    );
    expect(messagesOf(receiver, failed).slice(0, 2)).toEqual(['100', '101']);
  });

  it.each(['slow', 'down'] as const)('does not keep the host from stopping: %s', async (state) => {
    const { receiver, forwarder, told } = await setUp();
    await receiver.become(state);
    forwarder.log('f', line('one'));
    await forwarder.stop();
    expect(told).toEqual([]);
  });

  it.each(['garbage', 'huge'] as const)(
    'in its answer only, has received what was sent: %s',
    async (state) => {
      const { receiver, forwarder, told } = await setUp();
      await receiver.become(state);
      for (const message of ['one', 'two']) {
        const before = receiver.requests.length;
        forwarder.log('f', line(message));
        await until(
          () => receiver.requests,
          ({ length }) => length > before,
        );
      }
      await forwarder.stop();
      expect([messagesOf(receiver), told]).toEqual([['one', 'two'], []]);
    },
  );
});

it.each([
  [404, /^The receiver at \S+ takes no logs \(status 404\): they are not sent\.$/],
  [415, /^The receiver at \S+ takes no logs \(status 415\): they are not sent\.$/],
])('a receiver that answers %i to logs gets metrics only from then on', async (status, told) => {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    request.resume();
    requests.push(String(request.url));
    response.writeHead(request.url === '/v1/logs' ? status : 200).end();
  });
  const port = await listen(server, 0, '');
  cleanups.push(
    () => server.closeAllConnections(),
    () => server.close(),
  );
  const { forwarder, told: lines } = forwarderTo(`http://127.0.0.1:${port}`);
  for (let index = 0; index < 600; index += 1) forwarder.log('f', line('one'));
  await until(
    () => lines,
    ({ length }) => length > 0,
  );
  forwarder.log('f', line('two'));
  forwarder.log('f', metrics);
  await until(
    () => requests,
    (paths) => paths.includes('/v1/metrics'),
  );
  await forwarder.stop();
  expect(requests).toEqual(['/v1/logs', '/v1/metrics']);
  expect(lines).toEqual([expect.stringMatching(told)]);
});

it('a receiver that refuses some lines gets the next ones', async () => {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    request.resume();
    bodies.push(String(request.url));
    response.writeHead(bodies.length === 1 ? 400 : 200).end();
  });
  const port = await listen(server, 0, '');
  cleanups.push(
    () => server.closeAllConnections(),
    () => server.close(),
  );
  const { forwarder, told } = forwarderTo(`http://127.0.0.1:${port}`);
  forwarder.log('f', line('one'));
  await until(
    () => told,
    ({ length }) => length > 0,
  );
  forwarder.log('f', line('two'));
  await until(
    () => told,
    ({ length }) => length > 1,
  );
  expect(told).toEqual([
    expect.stringMatching(/does not take logs \(status 400\)/),
    expect.stringMatching(/works again\. One log line was dropped\.$/),
  ]);
  expect(bodies).toHaveLength(2);
});

it('a port that is usually for gRPC is named in the advice', async () => {
  const { Outage } = await import('./outage.ts');
  const told: string[] = [];
  const tell = (text: string) => void told.push(text);
  new Outage('http://localhost:4317', { warn: tell, say: tell }).failed('logs', 'ECONNRESET');
  expect(told).toEqual([expect.stringContaining('Port 4317 is usually for gRPC: try 4318.')]);
});
