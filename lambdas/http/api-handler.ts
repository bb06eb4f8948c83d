import type { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type { Identify } from './identify.ts';
import type { HttpResult } from './messages.ts';
import { problem } from './problem.ts';
import type { RecordRead } from './reads.ts';
import type { AnsweredRequest } from './request-log.ts';
import { requestScope } from './request-scope.ts';
import { httpResult } from './result.ts';
import type { Route } from './route.ts';
import { createRouter, type RoutedRequest, type Router } from './router.ts';

/** What the API handler needs. */
export interface ApiOptions {
  readonly routes: readonly Route[];
  /** Keys that a request appends are removed at its end. */
  readonly logger: Logger;
  /** Finds out who sent a request. */
  readonly identify: Identify;
  /** Writes a line of the audit of reads. It must not depend on the level of the logger. */
  readonly recordRead: RecordRead;
  /** The current time: ISO 8601, UTC, ms. Read once for each request. */
  readonly now: () => string;
  /** Called once for each request, when its answer is known. It must not throw. Default: nobody is told. */
  readonly onAnswered?: (request: AnsweredRequest) => void;
}

/** Answers an HTTP API event. */
export type ApiHandler = (event: unknown, context: Context) => Promise<HttpResult>;

/** A request is answered with 503 this long before Lambda's timeout. */
const timeoutReserveMs = 250;

/**
 * Creates a Lambda handler for HTTP API events, payload 2.0, from API Gateway or a direct invocation. The handler never
 * throws: it answers every error as problem+json. Throws if two routes have the same method and path.
 */
export function createApiHandler(options: ApiOptions): ApiHandler {
  const { routes, identify } = options;
  return handlerOf(createRouter(routes, identify), options);
}

/**
 * A handler that is created when requests arrive. `load` is called at every request and returns the handler. If it fails,
 * the request is answered with 503, and the log has the reason.
 */
export function lazyApiHandler(
  load: () => Promise<ApiHandler>,
  options: Pick<ApiOptions, 'logger' | 'recordRead' | 'now' | 'onAnswered'>,
): ApiHandler {
  return async (event, context) => {
    const handler = await load().catch((cause: unknown) => handlerOf(unavailable(cause), options));
    return await handler(event, context);
  };
}

function handlerOf(
  router: Router,
  { logger, recordRead, now, onAnswered }: Omit<ApiOptions, 'routes' | 'identify'>,
): ApiHandler {
  const handle = async (routed: unknown) => {
    const { answer, method } = routed as RoutedRequest;
    return httpResult(await answer(), method);
  };
  const handler = middy<unknown, HttpResult>(handle, { timeoutEarlyInMillis: timeoutReserveMs })
    .use(injectLambdaContext(logger, { resetKeys: true, logEvent: false }))
    .use(requestScope({ router, logger, recordRead, now, onAnswered }));
  return async (event, context) => await handler(event, context);
}

function unavailable(cause: unknown): Router {
  return () => {
    const detail = 'The service could not start. Nothing was written. Repeat the request after a moment.';
    throw problem('unavailable', detail, { cause, headers: { 'retry-after': '1' } });
  };
}
