import * as z from 'zod';
import type { Immutable } from '../kernel/index.ts';
import type { Cursors } from './cursor.ts';
import { type PageItems, pageBody } from './page-body.ts';
import { pageOf, pageQuery, positionOf } from './pagination.ts';
import type { Reads } from './reads.ts';
import { scopesOf } from './resource.ts';
import { defineRoute, type HttpRequest, type Route } from './route.ts';

/** The position of a page in a list. */
export interface PagePosition {
  /** The page begins after this key. Undefined: it is the first page. */
  readonly after: string | undefined;
  /** Maximum number of items. */
  readonly limit: number;
}

type QueryOf<Query extends z.ZodRawShape> = z.output<z.ZodObject<Query>>;

/** The documentation and the query parameters of a page. */
export interface DescribedPage<Query extends z.ZodRawShape> {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  /** Query parameters other than `limit` and `cursor`. Default: none. */
  readonly query?: Query;
  /**
   * A text that identifies the filters. A cursor is valid only for the filters of its page. Default: all parameters of
   * `query`. Changing it invalidates the cursors that clients have.
   */
  readonly scope?: (query: QueryOf<Query>) => string;
}

interface PageSpec<Params extends z.ZodObject, Query extends z.ZodRawShape, Item>
  extends DescribedPage<Query> {
  readonly path: `/${string}`;
  /** The category: the tag of the route. Its scope is `<category>:read`. */
  readonly tag: string;
  readonly reads: Reads;
  readonly params?: Params;
  readonly problems?: Readonly<Record<number, string>>;
  /** One item. */
  readonly schema: z.ZodType<Item>;
  /** The word for the items: `accounts`. */
  readonly nouns: string;
  readonly read: (
    request: HttpRequest<z.output<Params>, QueryOf<Query>>,
    position: PagePosition,
  ) => Promise<PageItems<Immutable<Item>>>;
}

type NoParams = z.ZodObject<Record<never, never>>;

/** Declares a GET of a list in pages: `{ items, next }`, with `limit` and `cursor` in the query. */
export function pageRoute<
  Params extends z.ZodObject = NoParams,
  Query extends z.ZodRawShape = z.core.$ZodLooseShape,
  Item = unknown,
>(cursors: Cursors, spec: PageSpec<Params, Query, Item>): Route {
  const { tag, query, scope, schema, nouns, read, ...described } = spec;
  const filters = Object.keys(query ?? {});
  const filtersOf = (values: Readonly<Record<string, unknown>>) =>
    JSON.stringify(filters.map((name) => values[name]));
  return defineRoute({
    ...described,
    method: 'GET',
    tags: [tag],
    access: scopesOf(tag).read,
    query: z.object({ ...pageQuery, ...query }),
    answers: { 200: { description: `A page of ${nouns}.`, schema: pageOf(schema) } },
    handle: async (parsed) => {
      const { limit, cursor, ...rest } = parsed.query as z.output<z.ZodObject<typeof pageQuery>>;
      // The type of the request is derived from the schemas that parsed it.
      const request = { ...parsed, query: rest } as unknown as HttpRequest<z.output<Params>, QueryOf<Query>>;
      const list = filledPath(spec.path, request.params as Readonly<Record<string, string>>);
      const filter = scope ? scope(request.query) : filtersOf(request.query);
      const listScope = filters.length === 0 ? list : `${list}?${filter}`;
      const page = await read(request, { after: positionOf(cursors, listScope, cursor), limit });
      return { status: 200 as const, body: pageBody(cursors, listScope, page) };
    },
  });
}

function filledPath(path: string, params: Readonly<Record<string, string>>): string {
  return path.replace(/\{([^}]*)\}/g, (_, name: string) => params[name] ?? '');
}
