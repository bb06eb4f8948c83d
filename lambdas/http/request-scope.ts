import { inspect } from 'node:util';
import { isNativeError } from 'node:util/types';
import type { Logger } from '@aws-lambda-powertools/logger';
import type { MiddlewareObj } from '@middy/core';
import type { Context } from 'aws-lambda';
import { correlationIdOf, type HttpEvent, normalizeEvent, requestContextOf } from './event.ts';
import { type Exchange, type HttpResult, settleFailure } from './exchange.ts';

interface ScopeOptions {
  readonly logger: Logger;
  /** ISO 8601, UTC, ms. */
  readonly now: () => string;
}

/** What the middleware keeps between its hooks, in middy's `internal`. */
type Scope = { startedAtMs?: number; exchange?: Exchange };

/** Stands in where the event is no HTTP event, so that even that is answered and logged like any request. */
const NO_EVENT: HttpEvent = {
  method: 'NONE',
  path: '/',
  rawQuery: '',
  headers: {},
  body: undefined,
  isBase64Encoded: false,
  requestId: undefined,
  authorizer: {},
  routeKey: undefined,
};

/**
 * Middy middleware around one request: makes an {@link Exchange} of the Lambda event and hands it on in the event's place,
 * puts the correlation id into every log line and the response, settles what nothing else did, logs the request once.
 */
export function requestScope({
  logger,
  now,
}: ScopeOptions): MiddlewareObj<unknown, HttpResult, Error, Context, Scope> {
  const open = (event: HttpEvent): Exchange => {
    const correlationId = correlationIdOf(event);
    logger.setCorrelationId(correlationId);
    return { event, context: requestContextOf(event, correlationId, now()) };
  };
  const close = ({ startedAtMs = performance.now() }: Scope, exchange: Exchange, result: HttpResult) => {
    logRequest(logger, exchange, result.statusCode, performance.now() - startedAtMs);
    return { ...result, headers: { ...result.headers, 'x-correlation-id': exchange.context.correlationId } };
  };
  return {
    before: (request) => {
      request.internal.startedAtMs = performance.now();
      const exchange = open(normalizeEvent(request.event));
      request.internal.exchange = exchange;
      request.event = exchange;
    },
    // Responses are assigned: a returned one would end middy's chain before the logger's keys are reset.
    after: (request) => {
      const { exchange } = request.internal;
      if (exchange && request.response)
        request.response = close(request.internal, exchange, request.response);
    },
    onError: (request) => {
      const exchange = request.internal.exchange ?? open(NO_EVENT);
      request.response = close(request.internal, exchange, settleFailure(exchange, request.error));
    },
  };
}

/** One line a request: no bodies, no raw paths, nothing personal. */
function logRequest(logger: Logger, exchange: Exchange, status: number, durationMs: number): void {
  const { event, template = 'unmatched', problemCode: problem, failure } = exchange;
  if (failure !== undefined) {
    const error = isNativeError(failure) ? failure : new Error(`Thrown: ${inspect(failure, { depth: 1 })}`);
    logger.error('request failed', error);
  }
  const method = KNOWN_METHODS.has(event.method) ? event.method : 'OTHER';
  logger.info('request', {
    method,
    route: template,
    status,
    durationMs: Math.round(durationMs * 10) / 10,
    ...(problem !== undefined && { problem }),
  });
}

/** Any other is what a client made up, and no log field should grow with it. */
const KNOWN_METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
