import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { listen } from '../engines/free-port.ts';

/** Answers one request. A rejection is answered with 500. */
export type Listener = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** An endpoint that listens before it can answer: it answers 503 until `serve` is called. */
export interface Endpoint {
  readonly url: string;
  serve(listener: Listener): void;
  stop(): Promise<void>;
}

/**
 * Listens on the port; 0: any free port.
 * @throws {UserError} naming `option` when the port is in use or not allowed.
 */
export async function openEndpoint(
  port: number,
  option: string,
  warn: (line: string) => void,
): Promise<Endpoint> {
  let current: Listener = async (_, response) => {
    response.writeHead(503, { 'content-type': 'application/json', 'retry-after': '1' });
    response.end('{"message":"Starting"}');
  };
  const server = createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
    current(request, response).catch((error) => {
      if (request.destroyed && !request.complete) return; // The client has disconnected.
      warn(`${request.method} ${request.url} failed: ${error instanceof Error ? error.stack : error}`);
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'application/json' });
      response.end('{"message":"Internal Server Error"}');
    });
  });
  const taken = await listen(server, port, option);
  return {
    url: `http://localhost:${taken}`,
    serve: (listener) => {
      current = listener;
    },
    stop: () => close(server),
  };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
