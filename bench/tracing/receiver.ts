import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { listen } from '../../tools/host/engines/free-port.ts';

/** What a receiver does with a request. `refuses`: nothing listens any more. `slow`: it never answers. */
export type Behaviour = 'works' | 'refuses' | 'slow' | 'answers 500' | 'answers garbage';

/** A receiver of OTLP over HTTP on this machine, which keeps nothing. */
export interface Receiver extends AsyncDisposable {
  /** Where spans go. */
  readonly url: string;
  /** Requests so far, also empty ones: with them the adapter opens its connection. */
  readonly requests: number;
  /** Requests with spans so far. */
  readonly exports: number;
  /** The body of the last of them. Undefined before the first one. */
  readonly last: Buffer | undefined;
  /** From now on it does this. It works at the start. After `refuses`, nothing else can follow. */
  behave(behaviour: Behaviour): Promise<void>;
}

/** A request of at least this size has spans. */
const exportMinBytes = 64;

const answers: Readonly<Partial<Record<Behaviour, (response: ServerResponse) => void>>> = {
  works: (response) => void response.setHeader('content-type', 'application/json').end('{}'),
  'answers 500': (response) => void response.writeHead(500, { 'content-type': 'application/json' }).end('{}'),
  'answers garbage': (response) => void response.writeHead(200).end('<html>not OTLP'),
};

/** Starts a receiver on a free port. */
export async function startReceiver(): Promise<Receiver> {
  const state = { behaviour: 'works' as Behaviour, requests: 0, exports: 0 };
  let last: Buffer | undefined;
  const server = createServer(async (request: IncomingMessage, response) => {
    const body = await buffer(request).catch(() => Buffer.alloc(0));
    answers[state.behaviour]?.(response);
    state.requests += 1;
    if (body.length < exportMinBytes) return;
    state.exports += 1;
    last = body;
  });
  const port = await listen(server, 0, '');
  return {
    url: `http://127.0.0.1:${port}/v1/traces`,
    get requests() {
      return state.requests;
    },
    get exports() {
      return state.exports;
    },
    get last() {
      return last;
    },
    behave: async (behaviour) => {
      state.behaviour = behaviour;
      if (behaviour === 'refuses') await close(server);
    },
    [Symbol.asyncDispose]: () => close(server),
  };
}

/** Open connections end, and new ones are refused. */
function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** The number of spans in the body of a request. */
export function spansIn(body: Buffer | undefined): number {
  if (body === undefined) return 0;
  const { resourceSpans = [] } = JSON.parse(body.toString()) as ExportBody;
  return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)).length;
}

interface ExportBody {
  readonly resourceSpans?: readonly {
    readonly scopeSpans: readonly { readonly spans: readonly unknown[] }[];
  }[];
}
