import { routeKeyMatcher, segmentsOf } from '../../../schema/route-matcher.ts';
import type { LocalFunction } from '../lambda/function.ts';

/** The route that a request matches, and its function. */
export interface RouteMatch {
  readonly routeKey: string;
  readonly target: LocalFunction;
  /** Decoded. */
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** The route for requests that match no other route. */
const defaultRoute = '$default';

/** The routes of an HTTP API. As in API Gateway, the most specific one is used, and `$default` is the last. */
export class HttpApiRoutes {
  readonly #targets = new Map<string, LocalFunction>();
  #match = routeKeyMatcher([]);

  /**
   * Adds a route. Throws for a malformed route key.
   * @param routeKey `$default`, or a method (or `ANY`) and a path with `{parameter}` and, at its end, `{proxy+}`.
   */
  add(routeKey: string, target: LocalFunction): void {
    this.#targets.set(routeKey, target);
    this.#match = routeKeyMatcher([...this.#targets.keys()].filter((key) => key !== defaultRoute));
  }

  /** Undefined when no route matches. */
  match(method: string, path: string): RouteMatch | undefined {
    const { routeKey, parameters } = this.#match([method], segmentsOf(path)) ?? {
      routeKey: defaultRoute,
      parameters: {},
    };
    const target = this.#targets.get(routeKey);
    if (target === undefined) return undefined;
    const decoded = Object.entries(parameters).map(([name, value]) => [name, decode(value)]);
    return { routeKey, target, pathParameters: Object.fromEntries(decoded) };
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
