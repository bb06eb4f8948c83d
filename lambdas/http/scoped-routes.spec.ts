import { Logger } from '@aws-lambda-powertools/logger';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { createApiHandler } from './api-handler.ts';
import { defineRoute } from './route.ts';
import { testContext, testNow } from './testing.ts';

const transfers = 'POST /ledger/{id}/transfers';
const reading = 'GET /ledger/{id}';
const readingTreasury = 'GET /ledger/treasury';
const debits = 'ANY /ledger/{id}/debits';
const beneath = 'POST /ledger/{proxy+}';
const token = { jwt: { claims: { sub: 'someone' }, scopes: null } };

const answers = { 200: { description: 'Done.', schema: z.unknown() } } as const;
const about = { operationId: 'o', summary: 's', params: z.object({ id: z.string() }), answers } as const;
const handle = () => ({ status: 200, body: {} }) as const;
const routes = [
  defineRoute({ ...about, method: 'POST', path: '/ledger/{id}/transfers', handle }),
  defineRoute({ ...about, method: 'POST', path: '/ledger/{id}/debits', handle }),
  defineRoute({ ...about, method: 'POST', path: '/ledger/{id}/credits', handle }),
  defineRoute({ ...about, method: 'GET', path: '/ledger/{id}', handle }),
];

/** The status of a request that API Gateway sent by this route. */
async function statusOf(
  scopedRoutes: readonly string[],
  request: string,
  routeKey: string,
  authorizer: object = token,
) {
  const [method, rawPath] = request.split(' ');
  const logger = new Logger({ logLevel: 'SILENT' });
  const handler = createApiHandler({ routes, logger, scopedRoutes, now: () => testNow });
  const event = { version: '2.0', routeKey, rawPath, requestContext: { http: { method }, authorizer } };
  return (await handler(event, testContext)).statusCode;
}

describe('with routes that require their own scopes', () => {
  const scoped = [beneath, transfers, reading, readingTreasury, debits];

  it.each([
    ['POST /ledger/1/transfers', transfers],
    ['POST /ledger/1/debits', debits],
    ['POST /ledger/1/credits', beneath],
    ['POST /ledger/1/credits/', beneath],
    ['GET /ledger/1', reading],
    ['GET /ledger/a%2Fb', reading],
    ['GET /ledger/treasury', readingTreasury],
  ])('%s is accepted only from its route %s', async (request, routeKey) => {
    for (const key of [...scoped, '$default']) {
      expect(await statusOf(scoped, request, key)).toBe(key === routeKey ? 200 : 403);
    }
  });

  it.each([
    ['an escaped slash, which API Gateway read as a part of the id', 'POST /ledger/1/transfers', beneath],
    ['a slash at the end', 'POST /ledger/1/transfers/', beneath],
    ['two slashes at the end', 'POST /ledger/1/transfers//', beneath],
    ['an escaped letter', 'GET /ledger/treas%75ry', reading],
    ['HEAD', 'HEAD /ledger/1', '$default'],
    ['an escaped slash, into a route of other scopes', 'POST /ledger/1/credits', transfers],
  ])('their scopes cannot be avoided by %s', async (_way, request, routeKey) => {
    expect(await statusOf(scoped, request, routeKey)).toBe(403);
  });

  it.each(['//@', '//[x', '//@/ledger/1', '/\\\\@', '//'])('the path %s is an unknown path', async (path) => {
    expect(await statusOf(scoped, `GET ${path}`, '$default')).toBe(404);
  });

  it('all other requests use $default', async () => {
    expect(await statusOf([transfers], 'POST /ledger/1/credits', '$default')).toBe(200);
    expect(await statusOf([transfers], 'GET /ledger/1', '$default')).toBe(200);
  });

  it('a direct invocation, which has no token, may do what the function does', async () => {
    expect(await statusOf(scoped, 'POST /ledger/1/transfers', '$default', {})).toBe(200);
  });
});

it('a token may use any route if no route requires its own scopes', async () => {
  expect(await statusOf([], 'POST /ledger/1/transfers/', '$default')).toBe(200);
});
