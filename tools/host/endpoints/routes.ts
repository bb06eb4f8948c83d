import type { LocalFunction } from '../lambda/function.ts';

/** Where a request goes, and by which route. */
export interface RouteMatch {
  readonly routeKey: string;
  readonly target: LocalFunction;
  /** Decoded. */
  readonly pathParameters: Readonly<Record<string, string>>;
}

interface Route {
  readonly routeKey: string;
  readonly target: LocalFunction;
  readonly method: string;
  readonly segments: readonly string[];
}

/** The routes of an HTTP API, chosen from as API Gateway does: the most specific one wins, `$default` comes last. */
export class HttpApiRoutes {
  readonly #routes: Route[] = [];
  #default: LocalFunction | undefined;

  /** `routeKey`: `$default`, or a method (or `ANY`) and a path with `{parameter}` and at its end `{proxy+}`. */
  add(routeKey: string, target: LocalFunction): void {
    if (routeKey === '$default') {
      this.#default = target;
      return;
    }
    const [method = '', path = ''] = routeKey.split(' ');
    this.#routes.push({ routeKey, target, method, segments: segmentsOf(path) });
  }

  /** Undefined when no route takes the request. */
  match(method: string, path: string): RouteMatch | undefined {
    const segments = segmentsOf(path);
    const [best] = this.#routes
      .filter((route) => route.method === 'ANY' || route.method === method)
      .map((route) => ({ route, pathParameters: matchSegments(route.segments, segments) }))
      .filter((match) => match.pathParameters !== undefined)
      .sort((a, b) => compareSpecificity(a.route, b.route));
    if (best?.pathParameters !== undefined) {
      const { routeKey, target } = best.route;
      return { routeKey, target, pathParameters: best.pathParameters };
    }
    return this.#default && { routeKey: '$default', target: this.#default, pathParameters: {} };
  }
}

function segmentsOf(path: string): string[] {
  return path.replace(/^\//, '').split('/');
}

function matchSegments(
  pattern: readonly string[],
  segments: readonly string[],
): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const name = /^\{(.+?)(\+?)\}$/.exec(part);
    const segment = segments[index];
    if (segment === undefined || (name !== null && segment === '')) return undefined;
    if (name === null) {
      if (part !== segment) return undefined;
    } else if (name[2] === '+') {
      parameters[name[1] ?? ''] = segments.slice(index).map(decode).join('/');
      return parameters;
    } else {
      parameters[name[1] ?? ''] = decode(segment);
    }
  }
  return pattern.length === segments.length ? parameters : undefined;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** Fixed segments before parameters before `{proxy+}`, from left to right; then a method before `ANY`. */
function compareSpecificity(a: Route, b: Route): number {
  for (let index = 0; index < Math.max(a.segments.length, b.segments.length); index++) {
    const difference = rank(a.segments[index]) - rank(b.segments[index]);
    if (difference !== 0) return difference;
  }
  return Number(a.method === 'ANY') - Number(b.method === 'ANY');
}

function rank(segment: string | undefined): number {
  if (segment === undefined || segment.endsWith('+}')) return 2;
  return segment.startsWith('{') ? 1 : 0;
}
