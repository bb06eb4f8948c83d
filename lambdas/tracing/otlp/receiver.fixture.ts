import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type SentSpan, sentSpans } from './recorded-otlp.fixture.ts';

/** A request that a receiver got. */
export interface Received {
  readonly headers: IncomingMessage['headers'];
  readonly path: string | undefined;
  readonly body: Buffer;
  readonly spans: readonly SentSpan[];
}

/** What a receiver does with a request. */
export type Answering = (response: ServerResponse, request: Received) => void;

export const success: Answering = (response) => response.end('{"partialSuccess":{}}');

/** A receiver of OTLP on this machine. It answers as a test says. */
export class Receiver {
  readonly received: Received[] = [];
  readonly #server = createServer(async (message, response) => {
    const parts: Buffer[] = [];
    for await (const part of message) parts.push(part);
    const body = Buffer.concat(parts);
    const request = { headers: message.headers, path: message.url, body, spans: sentSpans(body) };
    this.received.push(request);
    this.answering(response, request);
  });
  answering: Answering = success;
  /** Connections that were opened. */
  connections = 0;

  async start(): Promise<URL> {
    this.#server.on('connection', () => {
      this.connections += 1;
    });
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const { port } = this.#server.address() as AddressInfo;
    return new URL(`http://127.0.0.1:${port}/v1/traces`);
  }

  /** Closes the connections that nobody uses at the moment. */
  closeIdle(): void {
    this.#server.closeIdleConnections();
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
