import { ParameterValidationError, Router } from '@aws-lambda-powertools/event-handler/http';
import type { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import type { HttpEvent } from './event.ts';
import { type Exchange, type HttpResult, settle, settleFailure } from './exchange.ts';
import { problem } from './problem.ts';
import type { Answer, Route } from './route.ts';

/** Carries an exchange to the route it is for. Whatever a route throws is settled as a problem. */
export type Dispatch = (exchange: Exchange, context: Context) => Promise<HttpResult>;

/** The routes of one path, by method. */
type Resource = ReadonlyMap<string, Route>;

/** The router's own response is not used: results are kept in the exchange, as they are to be sent. */
const SETTLED = {};

const DOT_SEGMENT = /\/(?:\.|%2e){1,2}(?:\/|$)/i;

/**
 * Builds the dispatch over Powertools' HTTP router. Paths are registered once and methods told apart behind them, for the
 * router answers a wrong method with 404 and knows no Allow. What `guard` throws is the answer. Throws where two routes claim
 * the same method and path.
 */
export function createDispatch(
  routes: readonly Route[],
  guard: (event: HttpEvent) => void,
  logger: Logger,
): Dispatch {
  const router = new Router({ logger });
  for (const [path, resource] of resourcesOf(routes)) {
    const allow = allowOf(resource);
    router.get(powertoolsPath(path), async ({ event, params }) => {
      const exchange = exchangeOf(event);
      exchange.template = path;
      try {
        settle(exchange, await answerOf(exchange, resource, allow, params));
      } catch (error) {
        settleFailure(exchange, error);
      }
      return SETTLED;
    });
  }
  router.notFound(async (_error, { event }) => {
    const detail = 'No route has this path. GET /openapi.json lists them all.';
    settleFailure(exchangeOf(event), problem('unknown-path', detail));
    return SETTLED;
  });
  router.errorHandler(ParameterValidationError, async (_error, { event }) => {
    const detail = 'A segment of the path is blank where the route needs a value.';
    settleFailure(exchangeOf(event), problem('invalid-path-parameter', detail));
    return SETTLED;
  });
  return async (exchange, context) => {
    try {
      checkPath(exchange.event.path);
      guard(exchange.event);
    } catch (error) {
      return settleFailure(exchange, error);
    }
    await router.resolve(routedEvent(exchange), context);
    if (exchange.result === undefined) throw new Error('The router settled nothing');
    return exchange.result;
  };
}

function resourcesOf(routes: readonly Route[]): ReadonlyMap<string, Resource> {
  const resources = new Map<string, Map<string, Route>>();
  for (const route of routes) {
    const resource = resources.get(route.path) ?? new Map<string, Route>();
    if (resource.has(route.method)) throw new Error(`Two routes claim ${route.method} ${route.path}`);
    resources.set(route.path, resource.set(route.method, route));
  }
  return resources;
}

function allowOf(resource: Resource): string {
  return [...resource.keys(), ...(resource.has('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
}

async function answerOf(
  { event, context }: Exchange,
  resource: Resource,
  allow: string,
  params: Readonly<Record<string, string>>,
): Promise<Answer> {
  const { rawQuery, headers, isBase64Encoded } = event;
  const route = resource.get(event.method === 'HEAD' ? 'GET' : event.method);
  if (route !== undefined) {
    const body = { text: event.body, isBase64Encoded };
    return await route.invoke({ params, rawQuery, headers, body, context });
  }
  if (event.method === 'OPTIONS') return { status: 204, headers: { allow } };
  throw problem('method-not-allowed', `This path takes ${allow}.`, { headers: { allow } });
}

/** Dot segments are refused: who looks at a path before it gets here, as policies do, does not resolve them. */
function checkPath(path: string): void {
  if (DOT_SEGMENT.test(path)) {
    throw problem('invalid-path', 'The path has a segment "." or ".."; write out where it leads.');
  }
  try {
    decodeURIComponent(path);
  } catch {
    throw problem('invalid-path', 'The path has a "%" that starts no valid UTF-8 escape; write it "%25".');
  }
}

/** `/ledger/{id}` as the router writes it: `/ledger/:id`. */
function powertoolsPath(path: string): `/${string}` {
  return path.replace(/\{([^}]+)\}/g, ':$1') as `/${string}`;
}

/**
 * What the router is handed: the path decides there, and the exchange rides along. Headers, query and body stay out of
 * it, for the web request it builds of them throws where they are malformed.
 */
function routedEvent(exchange: Exchange) {
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: exchange.event.path,
    rawQueryString: '',
    headers: {},
    requestContext: { http: { method: 'GET' }, domainName: 'localhost' },
    isBase64Encoded: false,
    exchange,
  };
}

function exchangeOf(event: unknown): Exchange {
  return (event as ReturnType<typeof routedEvent>).exchange;
}
