import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { listen } from '../engines/free-port.ts';
import { type ErrorAnswer, type ErrorShape, parserError, rawResponse } from './error-answer.ts';
import { closedPolicy, type GuardPolicy, type Refusal, refusalOf } from './request-guard.ts';

/** Answers one request. A rejection is answered with 500. */
export type Listener = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** An endpoint that listens before it can answer: it answers 503 until `serve` is called. */
export interface Endpoint {
  readonly url: string;
  /** `policy`: what it lets in from pages of other origins; by default nothing. */
  serve(listener: Listener, policy?: GuardPolicy): void;
  stop(): Promise<void>;
}

export interface EndpointOptions {
  /** 0: any free port. */
  readonly port: number;
  /** The option that sets the port, for messages. */
  readonly option: string;
  /** How the errors of the endpoint itself are written. */
  readonly errorShape: ErrorShape;
  readonly warn: (line: string) => void;
}

/** Refused hosts and origins of which the user is told, each once. More are refused without a line. */
const announcedMax = 10;

/**
 * Listens on the port. Every request passes the guard first.
 * @throws {UserError} naming `option` when the port is in use or not allowed.
 */
export async function openEndpoint(options: EndpointOptions): Promise<Endpoint> {
  const { port, option, errorShape, warn } = options;
  let current: Listener = async (_, response) => send(response, starting, errorShape, { 'retry-after': '1' });
  let policy = closedPolicy;
  const announce = announcer(warn);
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    const refusal = refusalOf(request, policy);
    if (refusal !== undefined) {
      announce(refusal);
      return send(response, refusal, errorShape, { connection: 'close' });
    }
    // The whole server, not a resource (RFC 9110, 9.3.7).
    if (request.url === '*') return void response.writeHead(204).end();
    if (isContinueExpected(request)) response.writeContinue();
    current(request, response).catch((error) => {
      if (request.destroyed && !request.complete) return; // The client has disconnected.
      warn(`${request.method} ${request.url} failed: ${error instanceof Error ? error.stack : error}`);
      if (response.headersSent) response.end();
      else send(response, internalError, errorShape);
    });
  };
  // Node would answer a request without Host by itself, in another shape. An upgrade is ignored, as RFC 9110, 7.8 allows.
  const server = createServer({ keepAliveTimeout: 65_000, requireHostHeader: false }, handle);
  server.on('checkContinue', handle);
  server.on('connect', (_, socket: Duplex) => refuseConnection(socket, notATunnel, errorShape));
  answerParserErrors(server, errorShape);
  const taken = await listen(server, port, option);
  return {
    url: `http://localhost:${taken}`,
    serve: (listener, newPolicy = closedPolicy) => {
      policy = newPolicy;
      current = listener;
    },
    stop: () => close(server),
  };
}

const starting: ErrorAnswer = {
  statusCode: 503,
  code: 'starting',
  title: 'Starting',
  detail: 'The host is starting: ask again in a second.',
};

const internalError: ErrorAnswer = {
  statusCode: 500,
  code: 'internal-error',
  title: 'Internal error',
  detail: 'The host failed. Its terminal shows why.',
};

const notATunnel: ErrorAnswer = {
  statusCode: 501,
  code: 'not-a-proxy',
  title: 'Not a proxy',
  detail: 'This host is no proxy, so it does not support CONNECT. Leave http_proxy out for localhost.',
};

/** Sends an error. The body of the request is not read. */
function send(
  response: ServerResponse,
  error: ErrorAnswer,
  shape: ErrorShape,
  more: Readonly<Record<string, string>> = {},
): void {
  const { headers, body } = shape(error);
  response.writeHead(error.statusCode, { ...headers, ...more, 'content-length': Buffer.byteLength(body) });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

function isContinueExpected({ headers }: IncomingMessage): boolean {
  return headers.expect?.toLowerCase() === '100-continue';
}

/** Tells the user of each refused host or origin once. */
function announcer(warn: (line: string) => void): (refusal: Refusal) => void {
  const announced = new Set<string>();
  return ({ foreigner, detail }) => {
    if (foreigner === undefined || announced.has(foreigner) || announced.size >= announcedMax) return;
    announced.add(foreigner);
    // A header may hold bytes that change a terminal.
    warn(`Refused: ${detail.replace(/[^\x20-\x7e]/g, '?').slice(0, 600)}`);
  };
}

/** Answers what is not HTTP, or not in time, unless a response has begun. */
function answerParserErrors(server: Server, shape: ErrorShape): void {
  const responses = new WeakMap<Duplex, ServerResponse>();
  const onRequest = ({ socket }: IncomingMessage, response: ServerResponse) => {
    responses.set(socket, response);
    response.once('close', () => responses.delete(socket));
  };
  server.prependListener('request', onRequest);
  server.prependListener('checkContinue', onRequest);
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    const hasBegun = responses.get(socket)?.headersSent === true;
    if (error.code === 'ECONNRESET' || !socket.writable || hasBegun) socket.destroy();
    else refuseConnection(socket, parserError(error.code), shape);
  });
}

function refuseConnection(socket: Duplex, error: ErrorAnswer, shape: ErrorShape): void {
  socket.on('error', () => undefined); // The client may have gone.
  socket.end(rawResponse(error, shape), () => socket.destroy());
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
