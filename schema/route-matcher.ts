/**
 * Matches requests to routes, by API Gateway's rules. The API function, its check of scoped routes and the local HTTP API
 * all use this file, so they agree.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */

/** The values of a template's variables by name, exactly as in the path: they are not decoded. */
export type PathParameters = Readonly<Record<string, string>>;

/** A template that matches a path. */
export interface PathMatch<Target> {
  readonly template: string;
  readonly target: Target;
  readonly parameters: PathParameters;
}

/** A route key that matches a request. */
export interface RouteKeyMatch {
  readonly routeKey: string;
  readonly parameters: PathParameters;
}

type Part =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'variable' | 'greedy'; readonly name: string };

interface Pattern<Target> {
  readonly template: string;
  readonly target: Target;
  readonly parts: readonly Part[];
  /** Patterns are tried in the order of their ranks. */
  readonly rank: string;
}

/** Splits a path at its slashes, without the leading one. `/` is one empty segment. */
export function segmentsOf(path: string): string[] {
  return path.replace(/^\//, '').split('/');
}

/** Splits `POST /ledger/{id}` into method and path. Throws for text of another form, such as `$default`. */
export function parseRouteKey(routeKey: string): { readonly method: string; readonly path: string } {
  const [, method, path] = /^([A-Z]+) (\/\S*)$/.exec(routeKey) ?? [];
  if (method === undefined || path === undefined) throw new Error(`Not a route key: ${routeKey}`);
  return { method, path };
}

/**
 * Matches paths against templates. `{name}` matches one segment that is not empty. `{name+}` matches one or more segments,
 * the first not empty. Throws for a template with `{name+}` in any place but the end.
 * @returns the templates that match the segments of a path, the most specific one first.
 */
export function pathMatcher<Target>(
  targets: Iterable<readonly [template: string, target: Target]>,
): (segments: readonly string[]) => PathMatch<Target>[] {
  const patterns = [...targets]
    .map(([template, target]) => patternOf(template, target))
    .sort((left, right) => (left.rank < right.rank ? -1 : Number(left.rank > right.rank)));
  return (segments) =>
    patterns.flatMap(({ template, target, parts }) => {
      const parameters = matchParts(parts, segments);
      return parameters === undefined ? [] : [{ template, target, parameters }];
    });
}

/**
 * Matches requests against route keys such as `POST /ledger/{id}` and `ANY /{proxy+}`. The most specific path that has a
 * key for the request wins. On that path, an earlier one of `methods` wins over a later one, and `ANY` is last.
 * Throws for a malformed key.
 */
export function routeKeyMatcher(
  routeKeys: readonly string[],
): (methods: readonly string[], segments: readonly string[]) => RouteKeyMatch | undefined {
  const byPath = Map.groupBy(routeKeys, (routeKey) => parseRouteKey(routeKey).path);
  const matchPath = pathMatcher(byPath);
  return (methods, segments) => {
    for (const { template, target, parameters } of matchPath(segments)) {
      const wanted = [...methods, 'ANY'].map((method) => `${method} ${template}`);
      const routeKey = wanted.find((key) => target.includes(key));
      if (routeKey !== undefined) return { routeKey, parameters };
    }
    return undefined;
  };
}

function patternOf<Target>(template: string, target: Target): Pattern<Target> {
  const parts = segmentsOf(template).map(partOf);
  if (parts.slice(0, -1).some(({ kind }) => kind === 'greedy')) {
    throw new Error(`A variable with a plus must be the last segment: ${template}`);
  }
  return { template, target, parts, rank: rankOf(parts) };
}

function partOf(segment: string): Part {
  const [, name, plus] = /^\{(.+?)(\+?)\}$/.exec(segment) ?? [];
  if (name === undefined) return { kind: 'literal', text: segment };
  return { kind: plus === '+' ? 'greedy' : 'variable', name };
}

/** Greedy patterns are last. Otherwise, segment by segment: literals, then variables, then greedy variables. */
function rankOf(parts: readonly Part[]): string {
  const ranks = parts.map(({ kind }) => ['literal', 'variable', 'greedy'].indexOf(kind));
  return `${parts.at(-1)?.kind === 'greedy' ? 1 : 0}${ranks.join('')}`;
}

function matchParts(parts: readonly Part[], segments: readonly string[]): PathParameters | undefined {
  const parameters: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const segment = segments[index];
    if (segment === undefined) return undefined;
    if (part.kind === 'literal') {
      if (segment !== part.text) return undefined;
      continue;
    }
    if (segment === '') return undefined;
    if (part.kind === 'greedy') return { ...parameters, [part.name]: segments.slice(index).join('/') };
    parameters[part.name] = segment;
  }
  return parts.length === segments.length ? parameters : undefined;
}
