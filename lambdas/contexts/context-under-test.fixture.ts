import { Logger } from '@aws-lambda-powertools/logger';
import { expect } from '@jest/globals';
import { createApiHandler } from '../http/api-handler.ts';
import { createCursors } from '../http/cursor.ts';
import { callerOf, noAudit, openToAll, type TestRequest } from '../http/testing.ts';
import type { ContextTypes } from '../kernel/index.ts';
import { MemoryBookmarks } from '../kernel/memory/index.ts';
import { type MemoryContextOptions, memoryContext } from '../kernel/testing/index.ts';
import type { ContextModule } from './context-module.ts';
import { memoryPersons } from './persons.fixture.ts';

interface UnderTestOptions<Types extends ContextTypes> extends MemoryContextOptions<Types> {
  /** Default: a silent logger. */
  readonly logger?: Logger;
  /** The value of each variable of the environment. Default: an error, because specs need none. */
  readonly setting?: (variable: string) => string;
}

/** A whole context in memory, called through its routes, with a clock that a spec sets. */
export function contextUnderTest<Types extends ContextTypes>(
  context: ContextModule<Types>,
  {
    logger = new Logger({ logLevel: 'SILENT' }),
    setting = noSetting,
    ...options
  }: UnderTestOptions<Types> = {},
) {
  const memory = memoryContext<Types>(context, options);
  const warnings: string[] = [];
  const bookmarks = new MemoryBookmarks();
  const known = memoryPersons();
  const routes = context.routes({
    ...memory,
    cursors: createCursors(Buffer.alloc(32, 7)),
    bookmarks,
    persons: known.persons,
    exports: [],
    warn: (message) => warnings.push(message),
    env: {},
    setting,
  });
  const call = callerOf(
    createApiHandler({
      routes,
      logger,
      identify: openToAll,
      recordRead: noAudit,
      now: () => memory.clock.now,
    }),
  );
  const get = (path: string, query = '', headers: TestRequest['headers'] = {}) =>
    call('GET', path, { query, headers });
  const post = (path: string, json?: unknown, headers: TestRequest['headers'] = {}) =>
    call('POST', path, { headers, ...(json !== undefined && { json }) });
  return {
    ...memory,
    bookmarks,
    /** Adds or replaces a person in the index. */
    addPerson: known.add,
    /** The warnings of the routes. */
    warnings,
    call,
    get,
    post,
    /** Creates an aggregate by a POST and returns its id. Throws for an answer other than 201. */
    create: async (path: string, json?: unknown): Promise<string> => {
      const { status, body } = await post(path, json);
      if (status !== 201) throw new Error(`POST ${path} answered ${status}: ${JSON.stringify(body)}`);
      return (body as { id: string }).id;
    },
    /** The items of each page of a list. Throws for an answer other than 200, and after 300 pages. */
    pages: async function* <Item = { readonly id: string }>(
      path: string,
      query = '',
    ): AsyncGenerator<Item[]> {
      let cursor = '';
      for (let page = 0; page < 300; page += 1) {
        const { status, body } = await get(path, query + cursor);
        if (status !== 200) throw new Error(`GET ${path}?${query}${cursor} answered ${status}.`);
        const { items, next } = body as unknown as { items: Item[]; next?: string };
        yield items;
        if (next === undefined) return;
        cursor = `&cursor=${next}`;
      }
      throw new Error(`GET ${path}?${query} has no last page.`);
    },
  };
}

/** Matches an answer with this problem and a sentence for the client. */
export function problemLike(status: number, code: string) {
  return {
    status,
    headers: { 'content-type': 'application/problem+json' },
    body: {
      type: `urn:streamfold:problem:${code}`,
      status,
      detail: expect.stringMatching(/^.{20,}[."]$/),
    },
  };
}

function noSetting(variable: string): never {
  throw new Error(`A spec has no variable ${variable}.`);
}
