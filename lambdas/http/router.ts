import { type PathParameters, pathMatcher } from '../../schema/route-matcher.ts';
import { requireAccess } from './access.ts';
import type { Identify } from './identify.ts';
import type { Answer, HttpEvent, RequestContext } from './messages.ts';
import { decodeSegment, parsePath } from './path.ts';
import { problem } from './problem.ts';
import { Reading } from './reads.ts';
import { forTenant } from './request-tenant.ts';
import type { Route } from './route.ts';

/** A request whose path matches a route. */
export interface RoutedRequest {
  /** The path template. Logs show it and not the path, which contains ids. */
  readonly template: string;
  readonly method: string;
  /** What the request reads. Undefined: the path has no route with its method. */
  readonly reading: Reading | undefined;
  /** Calls the route. Rejects with what the route throws, and with `HttpProblem` for a wrong method or bad input. */
  readonly answer: () => Promise<Answer>;
}

/** Finds the route of a request. Throws `HttpProblem` if no route has the path. */
export type Router = (event: HttpEvent, context: RequestContext) => RoutedRequest;

/** The routes of one path, by method. */
type Resource = ReadonlyMap<string, Route>;

/**
 * Creates the router. It calls a route only for callers that may use it, whatever a gateway has checked before. Throws if two
 * routes have the same method and path.
 */
export function createRouter(routes: readonly Route[], identify: Identify): Router {
  const matchPath = pathMatcher(resourcesOf(routes));
  return (event, context) => {
    const [match] = matchPath(parsePath(event.path));
    if (match === undefined) {
      throw problem('unknown-path', 'No route has this path. GET /openapi.json lists all routes.');
    }
    const { template, target, parameters } = match;
    const route = target.get(event.method === 'HEAD' ? 'GET' : event.method);
    if (route === undefined) {
      const answer = async () => answerWithoutRoute(event, target);
      return { template, method: event.method, reading: undefined, answer };
    }
    const reading = new Reading(route, context);
    const admit = () => {
      noteStreams(reading, route, parameters);
      return admitted(route, event, context, identify, reading);
    };
    const answer = async () => await answerOf(event, admit, route, parameters, reading);
    return { template, method: event.method, reading, answer };
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

async function answerOf(
  { rawQuery, headers, body: text, isBase64Encoded }: HttpEvent,
  admit: () => RequestContext,
  route: Route,
  parameters: PathParameters,
  reading: Reading,
): Promise<Answer> {
  const context = admit();
  const params = decodeParameters(parameters);
  const body = { text, isBase64Encoded };
  const onValid = (request: Parameters<typeof reading.request>[0]) => reading.request(request);
  const request = { params, rawQuery, headers, body, context, onValid };
  const answer = await forTenant(context.principal?.tenant, () => route.invoke(request));
  reading.answer(answer);
  return withoutCopies(route, answer);
}

/** Browsers and proxies must keep no copy of what the audit of reads covers: an erasure does not reach it. */
function withoutCopies({ reads }: Route, answer: Answer): Answer {
  if (reads === 'nothing') return answer;
  return { ...answer, headers: { 'cache-control': 'no-store', ...answer.headers } };
}

function answerWithoutRoute({ method }: HttpEvent, resource: Resource): Answer {
  const allow = [...resource.keys(), ...(resource.has('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
  if (method === 'OPTIONS') return { status: 204, headers: { allow } };
  throw problem('method-not-allowed', `This path allows ${allow}.`, { headers: { allow } });
}

/** Notes the streams that the path names. They are noted before the caller is checked, for requests that are refused. */
function noteStreams(reading: Reading, { params }: Route, parameters: PathParameters): void {
  try {
    const decoded = Object.entries(parameters).map(([name, value]) => [name, decodeSegment(value)] as const);
    const parsed = params?.safeParse(Object.fromEntries(decoded));
    if (parsed?.success) reading.path(parsed.data as Readonly<Record<string, string>>);
  } catch {
    // A malformed path names no stream. The request is refused below.
  }
}

/** The context with its principal. Throws a problem if the caller may not use the route. */
function admitted(
  { access }: Route,
  event: HttpEvent,
  context: RequestContext,
  identify: Identify,
  reading: Reading,
): RequestContext {
  if (access === 'open') return context;
  const principal = identify(event);
  reading.identified(principal);
  requireAccess(principal, access);
  const { actor } = principal;
  return { ...context, principal, ...(actor !== undefined && { actor }) };
}

function decodeParameters(parameters: PathParameters): PathParameters {
  const params = Object.entries(parameters).map(([name, value]) => [name, decodeSegment(value)] as const);
  if (params.some(([, value]) => value.trim() === '')) {
    throw problem('invalid-path-parameter', 'A segment of the path is blank where the route needs a value.');
  }
  return Object.fromEntries(params);
}
