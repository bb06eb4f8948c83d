import { routeKeyMatcher, segmentsOf } from '../../../schema/route-matcher.ts';
import type { JwtAuthorizer } from '../auth/authorizer.ts';
import type { LocalFunction } from '../lambda/function.ts';

/** The route that a request matches, and its function. */
export interface RouteMatch {
  readonly routeKey: string;
  readonly target: LocalFunction;
  /** Verifies the requests of the route. Undefined: the route is open. */
  readonly authorizer: JwtAuthorizer | undefined;
  /** Decoded. */
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** The route for requests that match no other route. */
const defaultRoute = '$default';

/** The routes of an HTTP API. As in API Gateway, the most specific one is used, and `$default` is the last. */
export class HttpApiRoutes {
  readonly #targets = new Map<string, Pick<RouteMatch, 'target' | 'authorizer'>>();
  #match = routeKeyMatcher([]);

  /**
   * Adds a route. Throws for a malformed route key.
   * @param authorizer verifies its requests; undefined: it is open.
   * @param routeKey `$default`, or a method (or `ANY`) and a path with `{parameter}` and, at its end, `{proxy+}`.
   */
  add(routeKey: string, target: LocalFunction, authorizer?: JwtAuthorizer): void {
    this.#targets.set(routeKey, { target, authorizer });
    this.#match = routeKeyMatcher([...this.#targets.keys()].filter((key) => key !== defaultRoute));
  }

  /** False for an app without an HTTP API. */
  get exist(): boolean {
    return this.#targets.size > 0;
  }

  /** What a request without a route is told. API Gateway says `Not Found`; an app without an HTTP API has no API Gateway. */
  get notFound(): string {
    return this.exist
      ? 'Not Found'
      : 'This app has no HTTP API. Invoke its functions directly, at the port of the AWS APIs.';
  }

  /** Undefined when no route matches. */
  match(method: string, path: string): RouteMatch | undefined {
    const { routeKey, parameters } = this.#match([method], segmentsOf(path)) ?? {
      routeKey: defaultRoute,
      parameters: {},
    };
    const found = this.#targets.get(routeKey);
    if (found === undefined) return undefined;
    const decoded = Object.entries(parameters).map(([name, value]) => [name, decode(value)]);
    return { routeKey, ...found, pathParameters: Object.fromEntries(decoded) };
  }
}

/** Text with an invalid escape stays as it is. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
