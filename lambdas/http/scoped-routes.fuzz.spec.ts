import { Logger } from '@aws-lambda-powertools/logger';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { HttpApiRoutes } from '../../tools/host/endpoints/routes.ts';
import type { LocalFunction } from '../../tools/host/lambda/function.ts';
import { createApiHandler } from './api-handler.ts';
import type { Method } from './messages.ts';
import { defineRoute } from './route.ts';
import { testContext, testNow } from './testing.ts';

/** Route keys that require their own scopes. They cover parts of the routes below; one is for a single id. */
const scopedRoutes = [
  'GET /ledger/{id}',
  'GET /ledger/treasury',
  'POST /ledger/{proxy+}',
  'POST /ledger/{id}/transfers',
  'ANY /todos/{id}',
];
const allKeys = ['$default', ...scopedRoutes];

/** What API Gateway chooses from. */
const gateway = new HttpApiRoutes();
for (const routeKey of allKeys) gateway.add(routeKey, {} as LocalFunction);
const chosenFor = (method: string, path: string) => gateway.match(method, path)?.routeKey;

/** The plain spelling of what a route's handler was called for: method and path. */
const calls: (readonly [method: Method, path: string])[] = [];

function route<Path extends `/${string}`>(method: Method, path: Path) {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  return defineRoute({
    method,
    path,
    operationId: `${method} ${path}`,
    summary: 's',
    ...(names.length > 0 && {
      params: z.object(Object.fromEntries(names.map((name) => [name, z.string()]))),
    }),
    answers: { 200: { description: 'Done.' } },
    handle: ({ params }) => {
      const values = params as Readonly<Record<string, string>>;
      calls.push([method, path.replace(/\{(\w+)\}/g, (_, name) => plain(values[name] ?? ''))]);
      return { status: 200 };
    },
  });
}

/** Escapes only what has to be escaped in a segment. */
function plain(value: string): string {
  return value.replace(/[%/?#]/g, encodeURIComponent);
}

const handler = createApiHandler({
  routes: [
    route('GET', '/ledger'),
    route('POST', '/ledger'),
    route('GET', '/ledger/{id}'),
    route('POST', '/ledger/{id}/credits'),
    route('POST', '/ledger/{id}/transfers'),
    route('GET', '/todos/summary'),
    route('PUT', '/todos/{id}'),
  ],
  logger: new Logger({ logLevel: 'SILENT' }),
  scopedRoutes,
  now: () => testNow,
});

async function statusOf(method: string, rawPath: string, routeKey: string | undefined): Promise<number> {
  const authorizer = { jwt: { claims: { sub: 'someone' }, scopes: null } };
  const event = { version: '2.0', routeKey, rawPath, requestContext: { http: { method }, authorizer } };
  return (await handler(event, testContext)).statusCode;
}

const method = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'OPTIONS', 'BREW');
const word = fc.oneof(
  fc.constant('treasury'),
  fc.constantFrom('ledger', 'todos', 'transfers', 'credits', 'summary', '1'),
  fc.constantFrom('', '@', '[x', ':', '..', '%', '%2F', '%20', '\\', '?', '#', 'a/b', 'é', '\ud800'),
  fc.string({ unit: 'binary', maxLength: 3 }),
);
/** One of the spellings of a word: each of its characters as it is, or escaped. */
const spelled = (text: string) =>
  fc
    .array(fc.boolean(), { minLength: text.length, maxLength: text.length })
    .map((escaped) => [...text].map((char, index) => (escaped[index] ? escapeOf(char) : char)).join(''));
const segment = word.chain((text) => fc.oneof(fc.constant(text), spelled(text)));
const known = fc
  .tuple(
    fc.constantFrom('/ledger', '/ledger/*', '/ledger/*/transfers', '/ledger/*/credits', '/todos/*'),
    segment,
    fc.constantFrom('', '', '/', '//', '///'),
  )
  .map(([path, id, slashes]) => `${path.replace('*', () => id)}${slashes}`);
const anything = fc.array(segment, { maxLength: 5 }).map((segments) => `/${segments.join('/')}`);
const path = fc.oneof({ weight: 2, arbitrary: known }, anything);
const anyKey = fc.constantFrom(...allKeys);

function escapeOf(char: string): string {
  return [...Buffer.from(char)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}

describe('the check of scoped routes and the router', () => {
  it('agree on the route of every spelling of every path, for any route that API Gateway chooses', async () => {
    let handledCount = 0;
    await fc.assert(
      fc.asyncProperty(method, path, fc.option(anyKey, { freq: 2 }), async (verb, rawPath, sentBy) => {
        calls.length = 0;
        const routeKey = sentBy ?? chosenFor(verb, rawPath);
        const status = await statusOf(verb, rawPath, routeKey);
        expect(status).toBeLessThan(500);
        for (const [calledMethod, calledPath] of calls) {
          handledCount += 1;
          expect(routeKey).toBe(chosenFor(calledMethod, calledPath));
        }
      }),
      { numRuns: 5_000 },
    );
    expect(handledCount).toBeGreaterThan(100);
  });

  it('let every plain spelling pass', async () => {
    await fc.assert(
      fc.asyncProperty(method, known, async (verb, rawPath) => {
        calls.length = 0;
        for (const key of allKeys) await statusOf(verb, rawPath, key);
        for (const [calledMethod, calledPath] of [...calls]) {
          const key = chosenFor(calledMethod, calledPath);
          expect(await statusOf(calledMethod, calledPath, key)).not.toBe(403);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
