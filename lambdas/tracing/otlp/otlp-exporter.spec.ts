import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { ExportFailure } from './export-failure.ts';
import { answerMaxBytes, keepAlive } from './http-post.ts';
import { type Authorization, OtlpExporter } from './otlp-exporter.ts';
import { silenceMs } from './outage.ts';
import { createTracer } from './provider.ts';
import { type Answering, Receiver, success } from './receiver.fixture.ts';
import { recordedOtlp, testEffects } from './recorded-otlp.fixture.ts';

let receiver: Receiver;
let url: URL;
let spans: readonly ReadableSpan[];

beforeEach(async () => {
  receiver = new Receiver();
  url = await receiver.start();
  spans = [];
  const exporter = {
    open: () => undefined,
    send: async (sent: readonly ReadableSpan[]) => {
      spans = sent;
      return 0;
    },
  };
  const { tracing } = recordedOtlp({ exporter, tracer: createTracer({ 'service.name': 'api' }) });
  await tracing.invocation({ name: 'POST', kind: 'server', attributes: {} }, () =>
    tracing.step('decide', async () => undefined),
  );
});
afterEach(() => receiver.stop());

/** An exporter with a clock of the test. Its timers fire only when the test says so. */
function exporting({ to = url, authorizations = [] as readonly Authorization[] } = {}) {
  const { effects, ...clock } = testEffects();
  const lines: string[] = [];
  const log = {
    warn: (message: string) => lines.push(`warn ${message}`),
    info: (message: string, details: object) => lines.push(`info ${message} ${JSON.stringify(details)}`),
  };
  const exporter = new OtlpExporter({
    url: to,
    maxMs: 100,
    connection: keepAlive(),
    authorizations,
    log,
    effects,
  });
  return { exporter, lines, ...clock };
}

describe('the exporter', () => {
  it('sends OTLP as JSON, by one connection', async () => {
    const { exporter, lines } = exporting();
    await expect(exporter.send(spans)).resolves.toBe(0);
    await expect(exporter.send(spans)).resolves.toBe(0);
    expect(receiver.received.map((request) => request.spans.map(({ name }) => name))).toEqual([
      ['POST', 'decide'],
      ['POST', 'decide'],
    ]);
    expect(receiver.received[0]).toMatchObject({
      path: '/v1/traces',
      headers: { 'content-type': 'application/json' },
    });
    expect(receiver.connections).toBe(1);
    expect(lines).toEqual([]);
  });

  it('takes an empty answer as success', async () => {
    receiver.answering = (response) => response.end();
    const { exporter, lines } = exporting();
    await expect(exporter.send(spans)).resolves.toBe(0);
    expect(lines).toEqual([]);
  });

  it('opens the connection before the first export, which waits for it', async () => {
    const { exporter } = exporting();
    exporter.open();
    exporter.open();
    await exporter.send(spans);
    exporter.open();
    expect(receiver.received.map((request) => request.spans.length)).toEqual([0, 2]);
    expect(receiver.connections).toBe(1);
  });

  it('does not judge a receiver by its answer to an empty request', async () => {
    receiver.answering = (response, request) => {
      if (request.spans.length === 0) response.writeHead(400);
      success(response, request);
    };
    const { exporter, lines } = exporting();
    exporter.open();
    await expect(exporter.send(spans)).resolves.toBe(0);
    expect(lines).toEqual([]);
  });

  it('opens it again after some time without use', async () => {
    const { exporter, pass } = exporting();
    await exporter.send(spans);
    exporter.open();
    pass(20_000);
    exporter.open();
    await exporter.send(spans);
    expect(receiver.received.map((request) => request.spans.length)).toEqual([2, 0, 2]);
  });

  it('does not use one of before again: it may be dead without a sign', async () => {
    const { exporter, pass } = exporting();
    await exporter.send(spans);
    pass(20_000);
    exporter.open();
    await exporter.send(spans);
    expect(receiver.connections).toBe(2);
  });

  it('sends again if the receiver had closed the connection', async () => {
    let resets = 0;
    receiver.answering = (response, request) => {
      if (resets > 0) return success(response, request);
      resets += 1;
      response.socket?.resetAndDestroy();
    };
    const { exporter, lines } = exporting();
    await expect(exporter.send(spans)).resolves.toBe(0);
    expect(receiver.received).toHaveLength(2);
    expect(lines).toEqual([]);
  });
});

/** What receivers do that take nothing, with a part of the warning. */
const failing: Readonly<Record<string, readonly [Answering, string]>> = {
  'answers 500': [status(500), 'answered 500'],
  'answers 503': [status(503), 'answered 503'],
  'limits the rate': [status(429), 'lower the ratio'],
  'answers 400': [status(400), 'Transaction Search'],
  'answers 403': [status(403), 'Check the secret'],
  'answers 404': [status(404), '/v1/traces'],
  redirects: [status(302), 'answered 302'],
  'answers with a page': [(response) => response.end('<html>Log in</html>'), 'not one of OTLP'],
  'answers with a list': [(response) => response.end('[]'), 'not one of OTLP'],
  'answers with half an answer': [(response) => response.end('{"partialSuccess":'), 'not one of OTLP'],
  'answers with bytes': [(response) => response.end(gzipSync('{}')), 'not one of OTLP'],
  'counts garbage': [
    (response) => response.end('{"partialSuccess":{"rejectedSpans":"many"}}'),
    'not one of OTLP',
  ],
  'answers without end': [(response) => response.end(' '.repeat(answerMaxBytes + 1)), 'too large'],
  'hangs up': [(response) => response.socket?.destroy(), 'could not be reached'],
};

function status(code: number): Answering {
  return (response) => response.writeHead(code).end('{"message":"Anna Muster"}');
}

describe.each(Object.entries(failing))('a receiver that %s', (_name, [answering, warning]) => {
  it('costs one export and one warning, then nothing for 30 s', async () => {
    receiver.answering = answering;
    const { exporter, lines, pass } = exporting();
    await expect(exporter.send(spans)).resolves.toBe(2);
    const tries = receiver.received.length;
    await expect(exporter.send(spans)).resolves.toBe(2);
    exporter.open();
    expect(receiver.received).toHaveLength(tries);
    pass(silenceMs);
    await expect(exporter.send(spans)).resolves.toBe(2);
    expect(receiver.received.length).toBeGreaterThan(tries);
    expect(lines).toEqual([expect.stringContaining(warning)]);
    expect(lines.join()).not.toContain('Anna');
    receiver.answering = success;
    pass(silenceMs);
    await expect(exporter.send(spans)).resolves.toBe(0);
    await expect(exporter.send(spans)).resolves.toBe(0);
    expect(lines.slice(1)).toEqual(['info Traces are sent again. {"spansDropped":6}']);
  });
});

describe('a receiver that cannot be reached', () => {
  it('costs one export and one warning', async () => {
    await receiver.stop();
    const { exporter, lines } = exporting();
    exporter.open();
    await expect(exporter.send(spans)).resolves.toBe(2);
    await expect(exporter.send(spans)).resolves.toBe(2);
    expect(lines).toEqual([expect.stringContaining('could not be reached (ECONNREFUSED)')]);
    receiver = new Receiver();
    await receiver.start();
  });
});

describe('a receiver that is slow', () => {
  it.each([
    ['does not answer', () => undefined],
    ['does not end its answer', (response) => void response.write('{')],
  ] as [string, Answering][])('and %s costs the time of one export', async (_name, answering) => {
    const { exporter, lines, fire, timers } = exporting();
    receiver.answering = (response, request) => {
      answering(response, request);
      fire();
    };
    await expect(exporter.send(spans)).resolves.toBe(2);
    await expect(exporter.send(spans)).resolves.toBe(2);
    expect(receiver.received).toHaveLength(1);
    expect(lines).toEqual([expect.stringContaining('did not answer within 100 ms')]);
    expect(timers.size).toBe(0);
  });

  it('while the connection is opened costs the time of one export too', async () => {
    const { exporter, lines, fire } = exporting();
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
    receiver.answering = () => arrive();
    exporter.open();
    await arrived;
    const sending = exporter.send(spans);
    fire();
    await expect(sending).resolves.toBe(2);
    expect(lines).toEqual([expect.stringContaining('did not answer within 100 ms')]);
  });
});

describe('a partial success', () => {
  it.each([1, '1'])('is counted and warned about once: %j', async (rejectedSpans) => {
    receiver.answering = (response) => response.end(JSON.stringify({ partialSuccess: { rejectedSpans } }));
    const { exporter, lines } = exporting();
    await expect(exporter.send(spans)).resolves.toBe(1);
    await expect(exporter.send(spans)).resolves.toBe(1);
    expect(receiver.received).toHaveLength(2);
    expect(lines).toEqual([expect.stringContaining('does not take some spans')]);
  });
});

describe('spans that are too large for a request', () => {
  it('are counted, and the next ones are sent', async () => {
    const [span] = spans;
    const large = Object.create(span ?? null, { attributes: { value: { large: 'x'.repeat(5_000_000) } } });
    const { exporter, lines } = exporting();
    await expect(exporter.send([large])).resolves.toBe(1);
    await expect(exporter.send([large])).resolves.toBe(1);
    expect(receiver.received).toEqual([]);
    expect(lines).toEqual([expect.stringContaining('too large for one request')]);
    await expect(exporter.send(spans)).resolves.toBe(0);
    expect(lines.slice(1)).toEqual(['info Traces are sent again. {"spansDropped":2}']);
  });
});

describe('an authorization', () => {
  it('adds headers, and is told of a refusal', async () => {
    let refusals = 0;
    const authorization: Authorization = {
      authorize: async (request) => {
        request.headers['x-key'] = 'value';
        return request;
      },
      refused: () => {
        refusals += 1;
      },
    };
    const { exporter, pass } = exporting({ authorizations: [authorization] });
    await exporter.send(spans);
    expect(receiver.received[0]?.headers).toMatchObject({ 'x-key': 'value' });
    expect(refusals).toBe(0);
    receiver.answering = status(401);
    await exporter.send(spans);
    pass(silenceMs);
    expect(refusals).toBe(1);
  });

  it('that fails is an outage, and nothing is sent', async () => {
    const authorization = {
      authorize: () => Promise.reject(new ExportFailure('No secret.')),
      refused: () => undefined,
    };
    const { exporter, lines } = exporting({ authorizations: [authorization] });
    await expect(exporter.send(spans)).resolves.toBe(2);
    expect(receiver.received).toEqual([]);
    expect(lines).toEqual([expect.stringContaining('No secret.')]);
  });
});
