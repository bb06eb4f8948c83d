import { randomBytes, randomUUID } from 'node:crypto';

/** A request that the API's function is invoked with. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly query?: string;
  readonly body?: object;
}

/** An account of its own, and what is asked about it. */
export function accountRequests(id: string = randomUUID()) {
  return {
    credit: { method: 'POST', path: `/ledger/${id}/credits`, body: { amount: '10' } },
    /** Reads one commit of the log. */
    read: { method: 'GET', path: `/ledger/${id}`, query: 'version=1' },
  } as const satisfies Record<string, ApiRequest>;
}

/** The event of API Gateway's payload format 2.0. Callers send no `traceparent`. */
export function eventOf({ method, path, query = '', body }: ApiRequest): object {
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: query,
    headers: { 'content-type': 'application/json', host: 'bench' },
    ...(query !== '' && { queryStringParameters: Object.fromEntries(new URLSearchParams(query)) }),
    requestContext: {
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'bench' },
      requestId: randomUUID(),
      stage: '$default',
      timeEpoch: Date.now(),
    },
    ...(body && { body: JSON.stringify(body) }),
    isBase64Encoded: false,
  };
}

/** The trace header of an invocation, as Lambda makes it. */
export function traceHeader(isSampled: boolean): string {
  const seconds = Math.floor(Date.now() / 1_000).toString(16);
  const [root, parent] = [randomBytes(12).toString('hex'), randomBytes(8).toString('hex')];
  return `Root=1-${seconds}-${root};Parent=${parent};Sampled=${isSampled ? 1 : 0}`;
}
