import http, { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import { unverifiedSignature } from '../aws-json.ts';
import { isCorsHeader } from './cors.ts';

export interface PassOnOptions {
  /** The body, when it has already been read from the request. */
  readonly body?: Buffer;
  /** Headers to add to the answer. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Headers that replace those of a successful answer. */
  readonly objectHeaders?: Readonly<Record<string, string>>;
  /** Called when the engine answers. Returns true when the caller answers the request itself. */
  readonly takeOver?: (statusCode: number) => boolean;
}

/**
 * Passes a request on and streams the answer back. An unsigned request gets a signature for `service`. The engine does not see what
 * a browser adds, because it refuses browsers, and its own CORS headers are left out: it would let every page in.
 */
export function passOn(
  request: IncomingMessage,
  response: ServerResponse,
  engineUrl: string,
  service: string,
  { body, headers, objectHeaders, takeOver }: PassOnOptions = {},
): Promise<void> {
  return new Promise((resolve) => {
    const transport = engineUrl.startsWith('https:') ? https : http;
    const isSigned =
      request.headers.authorization !== undefined || /[?&]X-Amz-Signature=/.test(request.url ?? '');
    const upstream = transport.request(engineUrl, {
      method: request.method,
      path: request.url,
      headers: {
        ...without(request.headers, isOfBrowserOrConnection),
        ...(isSigned ? {} : unverifiedSignature(service)),
      },
    });
    upstream.on('response', (answer) => {
      if (takeOver?.(answer.statusCode ?? 502) === true) {
        answer.resume();
        return;
      }
      const { statusCode = 502 } = answer;
      const shown = {
        ...without(answer.headers, (name) => isCorsHeader(name) || isOfConnection(name)),
        ...(statusCode < 300 && objectHeaders),
      };
      response.writeHead(statusCode, { ...shown, ...sandboxFor(shown['content-type']), ...headers });
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

/** A header of one connection (RFC 9110, 7.6.1). `transfer-encoding` is passed on: it says whether there is a body. */
function isOfConnection(name: string): boolean {
  return /^(?:connection|keep-alive|proxy-connection|te|trailer|upgrade)$/.test(name);
}

function isOfBrowserOrConnection(name: string): boolean {
  return /^(?:origin|referer|cookie|sec-.*)$/.test(name) || isCorsHeader(name) || isOfConnection(name);
}

/** A stored document is a page without an origin of its own. Browsers show no PDF in a sandbox, and a PDF is no page: no other type begins or ends like it. */
function sandboxFor(contentType: string | undefined): Record<string, string> {
  return /^application\/pdf$/i.test(contentType ?? '') ? {} : { 'content-security-policy': 'sandbox' };
}

function without(headers: IncomingHttpHeaders, isLeftOut: (name: string) => boolean): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !isLeftOut(name)));
}
