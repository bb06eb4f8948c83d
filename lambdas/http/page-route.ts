import * as z from 'zod';
import type { Immutable } from '../kernel/index.ts';
import type { Cursors } from './cursor.ts';
import { pageOf, pageQuery, positionOf } from './pagination.ts';
import { defineRoute, type HttpRequest, type Route } from './route.ts';

/** Which part of a list a page holds. */
export interface PagePosition {
  /** The key that the page begins behind. Undefined: the page is the first. */
  readonly after: string | undefined;
  /** How many items at most. */
  readonly limit: number;
}

/** The items of a page as they are answered. `next`: the key that the next page begins behind; absent on the last. */
export interface PageItems<Item> {
  readonly items: readonly Item[];
  readonly next?: string | undefined;
}

type QueryOf<Query extends z.ZodRawShape> = z.output<z.ZodObject<Query>>;

/** What describes a page to clients. */
export interface DescribedPage<Query extends z.ZodRawShape> {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  /** Query parameters other than `limit` and `cursor`. Default: none. */
  readonly query?: Query;
  /**
   * Names the filters for the cursors, which work only with the filters that they were given for. Default: all
   * parameters of `query`. Changing it makes the cursors invalid that clients have.
   */
  readonly scope?: (query: QueryOf<Query>) => string;
}

interface PageSpec<Params extends z.ZodObject, Query extends z.ZodRawShape, Item>
  extends DescribedPage<Query> {
  readonly path: `/${string}`;
  readonly tag: string;
  readonly params?: Params;
  readonly problems?: Readonly<Record<number, string>>;
  /** One item. */
  readonly schema: z.ZodType<Item>;
  /** What the items are: `accounts`. */
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
    query: z.object({ ...pageQuery, ...query }),
    answers: { 200: { description: `A page of ${nouns}.`, schema: pageOf(schema) } },
    handle: async (parsed) => {
      const { limit, cursor, ...rest } = parsed.query as z.output<z.ZodObject<typeof pageQuery>>;
      // The schemas that parsed the request are those that its type comes from.
      const request = { ...parsed, query: rest } as unknown as HttpRequest<z.output<Params>, QueryOf<Query>>;
      const list = filledPath(spec.path, request.params as Readonly<Record<string, string>>);
      const filter = scope ? scope(request.query) : filtersOf(request.query);
      const listScope = filters.length === 0 ? list : `${list}?${filter}`;
      const page = await read(request, { after: positionOf(cursors, listScope, cursor), limit });
      return { status: 200 as const, body: pageBody(cursors, listScope, page) };
    },
  });
}

/** The body of a page. `scope` names the list and its filters. */
export function pageBody<Item>(cursors: Cursors, scope: string, { items, next }: PageItems<Item>) {
  return { items, ...(next !== undefined && { next: cursors.encode(scope, next) }) };
}

function filledPath(path: string, params: Readonly<Record<string, string>>): string {
  return path.replace(/\{([^}]*)\}/g, (_, name: string) => params[name] ?? '');
}
