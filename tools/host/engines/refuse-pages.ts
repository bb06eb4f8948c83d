import { type IncomingMessage, Server, type ServerResponse } from 'node:http';
import { isLoopback } from '../endpoints/request-target.ts';

/**
 * Makes all HTTP servers of this thread refuse what web pages send, should a page find out where an engine listens: the engines
 * themselves let every page in. Programs, the host among them, send neither `Origin` nor `Sec-Fetch-*`.
 */
export function refusePages(): void {
  const emit = Server.prototype.emit;
  Server.prototype.emit = function (this: Server, event: string | symbol, ...args: unknown[]) {
    const isRequest = event === 'request' || event === 'checkContinue' || event === 'checkExpectation';
    if (isRequest && isOfPage(args[0] as IncomingMessage)) {
      refuse(args[1] as ServerResponse);
      return true;
    }
    return Reflect.apply(emit, this, [event, ...args]);
  };
}

function isOfPage({ headers, headersDistinct }: IncomingMessage): boolean {
  const isOfBrowser = headers.origin !== undefined || headers['sec-fetch-site'] !== undefined;
  return isOfBrowser || headersDistinct['host']?.length !== 1 || !isLoopback(headers.host ?? '');
}

function refuse(response: ServerResponse): void {
  response.writeHead(403, { 'content-type': 'application/json', connection: 'close' });
  response.end('{"__type":"AccessDeniedException","message":"No web page may call this address."}');
}
