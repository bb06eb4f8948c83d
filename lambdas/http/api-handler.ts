import type { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import type { Tracer } from '@aws-lambda-powertools/tracer';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type { Exchange, HttpResult } from './exchange.ts';
import { requestScope } from './request-scope.ts';
import type { Route } from './route.ts';
import { createDispatch } from './router.ts';
import { scopedRoutesGuard } from './scoped-routes.ts';
import { tracing } from './tracing.ts';

export interface ApiOptions {
  readonly routes: readonly Route[];
  /** Keys appended while a request is handled are gone with it. */
  readonly logger: Logger;
  readonly tracer?: Tracer;
  /** Route keys of the HTTP API that ask tokens for scopes of their own. */
  readonly scopedRoutes?: readonly string[];
  /** ISO 8601, UTC, ms: the instant a request is taken up. */
  readonly now: () => string;
}

export type ApiHandler = (event: unknown, context: Context) => Promise<HttpResult>;

/** Kept of the Lambda's time to answer 503 rather than be cut off. */
const TIMEOUT_RESERVE_MS = 250;

/**
 * A Lambda handler for HTTP API events, payload 2.0, invoked by API Gateway or by hand. It never throws: what goes wrong is
 * answered as problem+json. Throws at once where two routes claim the same method and path.
 */
export function createApiHandler(options: ApiOptions): ApiHandler {
  const { routes, logger, tracer, scopedRoutes = [], now } = options;
  const dispatch = createDispatch(routes, scopedRoutesGuard(scopedRoutes), logger);
  const handle = async (event: unknown, context: Context) => await dispatch(event as Exchange, context);
  const handler = middy<unknown, HttpResult>(handle, { timeoutEarlyInMillis: TIMEOUT_RESERVE_MS })
    .use(tracing(tracer))
    .use(injectLambdaContext(logger, { resetKeys: true, logEvent: false }))
    .use(requestScope({ logger, now }));
  return async (event, context) => await handler(event, context);
}
