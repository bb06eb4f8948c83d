import type { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import type { Tracer } from '@aws-lambda-powertools/tracer';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type { HttpResult } from './messages.ts';
import { requestScope } from './request-scope.ts';
import { httpResult } from './result.ts';
import type { Route } from './route.ts';
import { createRouter, type RoutedRequest } from './router.ts';
import { tracing } from './tracing.ts';

export interface ApiOptions {
  readonly routes: readonly Route[];
  /** Keys that a request appends are removed when the request is done. */
  readonly logger: Logger;
  readonly tracer?: Tracer;
  /** Route keys of the HTTP API that ask tokens for scopes of their own. Default: none. */
  readonly scopedRoutes?: readonly string[];
  /** The current time: ISO 8601, UTC, ms. Read once for each request. */
  readonly now: () => string;
}

export type ApiHandler = (event: unknown, context: Context) => Promise<HttpResult>;

/** How long before Lambda's timeout a request is answered with 503. */
const timeoutReserveMs = 250;

/**
 * A Lambda handler for HTTP API events, payload 2.0, sent by API Gateway or by a direct invocation. It never throws: every
 * error is answered as problem+json. Building it throws where two routes claim the same method and path.
 */
export function createApiHandler(options: ApiOptions): ApiHandler {
  const { routes, logger, tracer, scopedRoutes = [], now } = options;
  const router = createRouter(routes, scopedRoutes);
  const handle = async (routed: unknown) => {
    const { answer, method } = routed as RoutedRequest;
    return httpResult(await answer(), method);
  };
  const handler = middy<unknown, HttpResult>(handle, { timeoutEarlyInMillis: timeoutReserveMs })
    .use(tracing(tracer))
    .use(injectLambdaContext(logger, { resetKeys: true, logEvent: false }))
    .use(requestScope({ router, logger, now }));
  return async (event, context) => await handler(event, context);
}
