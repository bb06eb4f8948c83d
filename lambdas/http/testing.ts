import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { defaultTenant } from '../../schema/authentication.ts';
import { type ApiHandler, createApiHandler } from './api-handler.ts';
import { type Identify, identifier } from './identify.ts';
import type { Json } from './json.ts';
import type { ReadLine } from './reads.ts';
import type { Route } from './route.ts';

/** The parts of a test's request besides method and path. `json` is serialized and sets the content type. */
export interface TestRequest {
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
  /** The `sub` of the token, as a JWT authorizer passes it. Default: no authorizer. */
  readonly actor?: string;
  /** The tenant in the token. Default: the default tenant. */
  readonly tenant?: string;
}

/** The parsed response to a test's request. */
export interface TestResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON. Undefined for an empty response. */
  readonly body: Json | undefined;
}

/** Sends requests as HTTP API events, payload 2.0. */
export type TestApi = (method: string, path: string, request?: TestRequest) => Promise<TestResponse>;

const testIssuer = 'https://issuer.test';
const everybody = identifier({ kind: 'none' });
const byToken = identifier({
  kind: 'jwt',
  issuer: testIssuer,
  scopes: 'as-named',
  claims: { subject: 'sub', scopes: ['scope'], tenant: 'tenant', defaultTenant },
});

/** The default principal for a request without a token, as on the stage `local`. With a token, its subject and all scopes. */
export const openToAll: Identify = (event) =>
  event.authorizer === undefined ? everybody(event) : { ...byToken(event), scopes: 'all' };

/** For specs that are not about the audit of reads. */
export function noAudit(_line: ReadLine): void {
  // Nobody looks at the lines.
}

/** The time of every request of {@link testApi}. */
export const testNow = '2026-01-02T03:04:05.678Z';

/** The correlation id of every request that has no other. */
export const testCorrelationId = '0b8f6f0e-3c1d-4c55-9d43-6b6a3f0c2a17';

/** Empty, because the handler does not read Lambda's context. */
export const testContext = {} as Context;

/** A logger that passes every line to `note`. */
export function notingLogger(note: (line: string) => void): Logger {
  const logger = new Logger({ logLevel: 'TRACE' });
  const join = (...parts: unknown[]) => note(parts.join(' '));
  // Powertools' logger has no option for its output.
  Reflect.set(logger, 'console', {
    debug: join,
    error: join,
    info: join,
    log: join,
    trace: join,
    warn: join,
  });
  return logger;
}

/** An API with these routes, for specs. */
export function testApi(routes: readonly Route[], logger = new Logger({ logLevel: 'SILENT' })): TestApi {
  return callerOf(
    createApiHandler({ routes, logger, identify: openToAll, recordRead: noAudit, now: () => testNow }),
  );
}

/** Calls a handler as API Gateway does. */
export function callerOf(handler: ApiHandler): TestApi {
  return async (method, path, request = {}) => {
    const { query = '', headers = {}, json, body, isBase64Encoded = false } = request;
    const { tenant, actor = tenant && 'caller' } = request;
    const text = json === undefined ? body : JSON.stringify(json);
    const event = {
      version: '2.0',
      routeKey: '$default',
      rawPath: path,
      rawQueryString: query,
      headers: {
        'x-correlation-id': testCorrelationId,
        ...(json !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      requestContext: {
        http: { method, path },
        requestId: 'gateway-request',
        domainName: 'test',
        ...(actor !== undefined && {
          authorizer: { jwt: { claims: { iss: testIssuer, sub: actor, tenant } } },
        }),
      },
      isBase64Encoded,
      ...(text !== undefined && { body: text }),
    };
    const result = await handler(event, testContext);
    return {
      status: result.statusCode,
      headers: result.headers,
      body: result.body === undefined ? undefined : (JSON.parse(result.body) as Json),
    };
  };
}
