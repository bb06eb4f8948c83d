import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import { unverifiedSignature } from '../aws-json.ts';

export interface PassOnOptions {
  /** The body, when it has already been read from the request. */
  readonly body?: Buffer;
  /** Called when the engine answers. Returns true when the caller answers the request itself. */
  readonly takeOver?: (statusCode: number) => boolean;
}

/** Passes a request on unchanged and streams the answer back. An unsigned request gets a signature for `service`. */
export function passOn(
  request: IncomingMessage,
  response: ServerResponse,
  engineUrl: string,
  service: string,
  { body, takeOver }: PassOnOptions = {},
): Promise<void> {
  return new Promise((resolve) => {
    const transport = engineUrl.startsWith('https:') ? https : http;
    const isSigned =
      request.headers.authorization !== undefined || /[?&]X-Amz-Signature=/.test(request.url ?? '');
    const upstream = transport.request(engineUrl, {
      method: request.method,
      path: request.url,
      headers: { ...request.headers, ...(isSigned ? {} : unverifiedSignature(service)) },
    });
    upstream.on('response', (answer) => {
      if (takeOver?.(answer.statusCode ?? 502) === true) {
        answer.resume();
        return;
      }
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      answer.on('error', () => response.destroy());
    });
    upstream.on('error', (error) => {
      if (!response.headersSent) response.writeHead(502, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ message: `The engine does not answer: ${error.message}` }));
    });
    response.on('close', () => {
      upstream.destroy();
      resolve();
    });
    if (body === undefined) request.pipe(upstream);
    else upstream.end(body);
  });
}
