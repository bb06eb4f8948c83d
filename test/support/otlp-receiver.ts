import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { keptLog } from './kept-log.ts';
import { type Span, spansIn } from './spans.ts';

/**
 * How a receiver behaves.
 * - `works`: accepts everything
 * - `down`: nothing listens at its port
 * - `slow`: reads the request, and never answers
 * - `error`: answers 500
 * - `garbage`: answers 200 with bytes that are no JSON
 * - `huge`: answers 200 with a body without an end
 * - `closes`: ends the connection without an answer
 */
export type ReceiverState = 'works' | 'down' | 'slow' | 'error' | 'garbage' | 'huge' | 'closes';

/** A receiver of OTLP over HTTP, for tests of what happens when it does not work. */
export interface OtlpReceiver {
  /** The base URL, without `/v1/traces`. It stays the same, whatever the state. */
  readonly url: string;
  /** The spans of all requests that it has accepted. */
  readonly spans: readonly Span[];
  /** The paths of all requests so far, accepted or not. */
  readonly requests: readonly string[];
  /** The bodies of all requests so far, as text. */
  readonly bodies: readonly string[];
  become(state: ReceiverState): Promise<void>;
  stop(): Promise<void>;
}

const chunk = Buffer.alloc(64 * 1024, '{');

/** Starts a receiver that works, on a free port. What it receives is kept until the run ends, and is then searched for patients. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  let state: ReceiverState = 'works';
  const spans: Span[] = [];
  const requests: string[] = [];
  const bodies: string[] = [];
  const keep = keptLog('telemetry');
  const server = createServer((request, response) => {
    // Who sends may give up at any time.
    response.on('error', () => undefined);
    receive(request, response).catch(() => response.destroy());
  });
  const receive = async (request: IncomingMessage, response: ServerResponse) => {
    const body = (await buffer(request)).toString('utf8');
    requests.push(request.url ?? '');
    bodies.push(body);
    keep(`${body}\n`);
    if (state === 'works' && request.url === '/v1/traces') spans.push(...spansIn(JSON.parse(body || '{}')));
    answer(state, response);
  };
  const port = await listen(server, 0);
  return {
    ...{ url: `http://127.0.0.1:${port}`, spans, requests, bodies },
    become: async (next) => {
      const wasDown = state === 'down';
      state = next;
      if (next === 'down' && !wasDown) await close(server);
      if (next !== 'down' && wasDown) await listen(server, port);
    },
    stop: async () => {
      if (state !== 'down') await close(server);
    },
  };
}

function answer(state: ReceiverState, response: ServerResponse): void {
  switch (state) {
    case 'slow':
      return;
    case 'closes':
      response.destroy();
      return;
    case 'error':
      response.writeHead(500, { 'content-type': 'application/json' }).end('{"message":"no"}');
      return;
    case 'garbage':
      response.writeHead(200, { 'content-type': 'application/json' }).end('<\u0000>not JSON');
      return;
    case 'huge':
      response.writeHead(200, { 'content-type': 'application/json' });
      writeOn(response);
      return;
    default:
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  }
}

/** Writes as fast as the other side reads, until that side closes the connection. */
function writeOn(response: ServerResponse): void {
  while (!response.destroyed) {
    if (response.write(chunk)) continue;
    response.once('drain', () => writeOn(response));
    return;
  }
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

async function close(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}
