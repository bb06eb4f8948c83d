import { NodeHttpHandler } from '@smithy/node-http-handler';
import { HttpRequest } from '@smithy/protocol-http';
import { ExportFailure } from './export-failure.ts';

/** Maximum size of an answer, in bytes. An answer is some words. */
export const answerMaxBytes = 65_536;

/** An answer of the receiver. */
export interface Answer {
  readonly status: number;
  readonly body: Uint8Array;
}

/** Sends a request. Rejects if there is no answer, if it is too large, or if `signal` aborts. */
export type Post = (request: HttpRequest, signal: AbortSignal) => Promise<Answer>;

/** A POST of JSON to a URL. */
export function jsonRequest(url: URL, body: Uint8Array): HttpRequest {
  return new HttpRequest({
    method: 'POST',
    protocol: url.protocol,
    hostname: url.hostname,
    ...(url.port !== '' && { port: Number(url.port) }),
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: {
      host: url.host,
      'content-type': 'application/json',
      'content-length': String(body.byteLength),
    },
    body,
  });
}

/** A connection that stays open between requests. */
export interface Connection {
  readonly post: Post;
  /** Closes it. The next request opens a new one. */
  renew(): void;
}

/** A connection by HTTP or HTTPS. It is opened by the first request. */
export function keepAlive(): Connection {
  let handler = new NodeHttpHandler({});
  return {
    post: async (request, signal) => {
      const { response } = await handler.handle(request, { abortSignal: signal });
      return { status: response.statusCode, body: await bounded(response.body) };
    },
    renew: () => {
      handler.destroy();
      handler = new NodeHttpHandler({});
    },
  };
}

/** Reads a body to its end: only then can the connection be used again. */
async function bounded(stream: NodeJS.ReadableStream): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  let bytes = 0;
  // Leaving the loop destroys the stream.
  for await (const part of stream) {
    const read = Buffer.from(part);
    bytes += read.byteLength;
    if (bytes > answerMaxBytes)
      throw new ExportFailure('The answer is too large. Is the receiver an OTLP one?');
    parts.push(read);
  }
  return Buffer.concat(parts);
}
