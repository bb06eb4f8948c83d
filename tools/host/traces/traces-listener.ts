import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { readBody } from '../endpoints/body.ts';
import type { ErrorShape } from '../endpoints/error-answer.ts';
import type { Listener } from '../endpoints/server.ts';
import { findTraces } from './find-traces.ts';
import { MalformedBody, readObject } from './otlp-spans.ts';
import { commitKey, correlationKey, type SpanKey, type SpanRing, traceKey } from './span-ring.ts';

/** Of a request, also when it is unpacked. */
const bodyMaxBytes = 8 * 1024 * 1024;

/**
 * An OTLP/HTTP receiver in JSON (https://opentelemetry.io/docs/specs/otlp/#otlphttp), and `GET /traces`, which finds what it has received by `correlation`,
 * `trace` or `commit`. Spans are kept in the ring. Metrics and logs are accepted, so that no exporter complains, and not kept.
 */
export function tracesListener(ring: SpanRing): Listener {
  return async (request, response) => {
    const { pathname, searchParams } = new URL(`http://localhost${request.url}`);
    response.setHeader('x-content-type-options', 'nosniff');
    const route = Object.hasOwn(routes, pathname) ? routes[pathname] : undefined;
    try {
      if (route === undefined) throw new Refused(404, notFound);
      if (request.method !== route.method) throw new Refused(405, `${pathname} has only ${route.method}.`);
      send(response, 200, await route.answer(ring, request, searchParams));
    } catch (error) {
      if (request.destroyed && !request.complete) return; // The client has disconnected.
      if (!(error instanceof Refused || error instanceof MalformedBody)) throw error;
      request.resume();
      const statusCode = error instanceof Refused ? error.statusCode : 400;
      if (statusCode === 405 && route !== undefined) response.setHeader('allow', route.method);
      send(response, statusCode, statusOf(statusCode, error.message));
    }
  };
}

interface Route {
  readonly method: string;
  readonly answer: (
    ring: SpanRing,
    request: IncomingMessage,
    query: URLSearchParams,
  ) => Promise<object> | object;
}

const routes: Readonly<Record<string, Route>> = {
  '/v1/traces': { method: 'POST', answer: async (ring, request) => keepSpans(ring, await bodyOf(request)) },
  '/v1/metrics': { method: 'POST', answer: (_, request) => acceptOnly(request) },
  '/v1/logs': { method: 'POST', answer: (_, request) => acceptOnly(request) },
  '/traces': { method: 'GET', answer: (ring, _, query) => foundTraces(ring, query) },
};

const notFound = `This is the receiver of traces. It has ${Object.entries(routes)
  .map(([path, { method }]) => `${method} ${path}`)
  .join(', ')}.`;

/** A request that cannot be done. Its message is a sentence. */
class Refused extends Error {
  readonly statusCode: number;

  constructor(statusCode: number, message: string) {
    super(message);
    this.statusCode = statusCode;
  }
}

/** `partialSuccess` is only there if something was rejected. */
function keepSpans(ring: SpanRing, body: Buffer): object {
  const rejected = ring.add(body);
  if (rejected === 0) return {};
  const errorMessage = 'One request has more spans than are kept at all: send fewer at once.';
  return { partialSuccess: { rejectedSpans: String(rejected), errorMessage } };
}

async function acceptOnly(request: IncomingMessage): Promise<object> {
  readObject(await bodyOf(request));
  return {};
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const { 'content-type': type = '', 'content-encoding': encoding = 'identity' } = request.headers;
  if (!/^application\/json *(;|$)/i.test(type)) throw new Refused(415, notJson);
  if (!/^(identity|gzip)$/i.test(encoding)) throw new Refused(415, 'The only content coding is gzip.');
  const body = await readBody(request, bodyMaxBytes);
  if (body === undefined) throw new Refused(413, tooLarge);
  return /^gzip$/i.test(encoding) ? unpacked(body) : body;
}

const notJson =
  'Only OTLP in JSON is supported (content-type application/json). Exporters choose it by OTEL_EXPORTER_OTLP_PROTOCOL=http/json.';
const tooLarge = `The body is larger than ${bodyMaxBytes / 1024 / 1024} MB: send fewer spans at once.`;

const unzip = promisify(gunzip);

async function unpacked(body: Buffer): Promise<Buffer> {
  try {
    return await unzip(body, { maxOutputLength: bodyMaxBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw new Refused(413, tooLarge);
    throw new MalformedBody('The body is not gzip.');
  }
}

function foundTraces(ring: SpanRing, query: URLSearchParams): object {
  const resourceSpans = findTraces(ring, keyIn(query));
  if (resourceSpans.length > 0) return { resourceSpans };
  throw new Refused(404, 'No such span has arrived yet, or it is no longer kept: only the newest spans are.');
}

const badQuery =
  'Ask for one of these: correlation (a UUID), trace (32 hexadecimal digits), or commit (such as ledger/7f3c@12).';

function keyIn(query: URLSearchParams): SpanKey {
  const [[name, value] = ['', ''], ...more] = [...query];
  const isId = /^[\da-f-]{1,36}$/i.test(value);
  if (more.length > 0 || value === '') throw new Refused(400, badQuery);
  if (name === 'correlation' && isId) return correlationKey(value);
  if (name === 'trace' && isId && value.length === 32) return traceKey(value);
  if (name === 'commit' && /^.+@\d+$/.test(value)) return commitKey(value);
  throw new Refused(400, badQuery);
}

/** The errors of an OTLP receiver (`google.rpc.Status`): https://opentelemetry.io/docs/specs/otlp/#failures. */
export const otlpShape: ErrorShape = ({ statusCode, detail }) => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(statusOf(statusCode, detail)),
});

/** The numbers of gRPC. 2: unknown. */
const grpcCodes: Readonly<Record<number, number>> = {
  ...{ 400: 3, 415: 3, 404: 5, 403: 7, 421: 7 },
  ...{ 413: 8, 405: 12, 501: 12, 500: 13, 503: 14 },
};

function statusOf(statusCode: number, message: string): object {
  return { code: grpcCodes[statusCode] ?? 2, message };
}

function send(response: ServerResponse, statusCode: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(statusCode, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}
