import { Logger } from '@aws-lambda-powertools/logger';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { createApiHandler } from './api-handler.ts';
import { defineRoute } from './route.ts';
import { TEST_CONTEXT, TEST_NOW } from './testing.ts';

const transfers = 'POST /ledger/{id}/transfers';
const reading = 'GET /ledger/{id}';
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

/** The status that a request gets which API Gateway sent by this route. */
async function statusOf(
  scopedRoutes: readonly string[],
  request: string,
  routeKey: string,
  authorizer: object = token,
) {
  const [method, rawPath] = request.split(' ');
  const logger = new Logger({ logLevel: 'SILENT' });
  const handler = createApiHandler({ routes, logger, scopedRoutes, now: () => TEST_NOW });
  const event = { version: '2.0', routeKey, rawPath, requestContext: { http: { method }, authorizer } };
  return (await handler(event, TEST_CONTEXT)).statusCode;
}

describe('with routes that ask for scopes of their own', () => {
  const scoped = [beneath, transfers, reading, debits];

  it.each([
    ['POST /ledger/1/transfers', transfers],
    ['POST /ledger/1/debits', debits],
    ['POST /ledger/1/credits', beneath],
    ['POST /ledger/1/credits/', beneath],
    ['GET /ledger/1', reading],
    ['GET /ledger/a%2Fb', reading],
  ])('%s is taken by its route %s', async (request, routeKey) => {
    expect(await statusOf(scoped, request, routeKey)).toBe(200);
    expect(await statusOf(scoped, request, '$default')).toBe(403);
  });

  it.each([
    ['an escaped slash, which API Gateway took for a part of the id', 'POST /ledger/1/transfers', beneath],
    ['a slash at the end', 'POST /ledger/1/transfers/', beneath],
    ['HEAD', 'HEAD /ledger/1', '$default'],
    ['an escaped slash, into a route of other scopes', 'POST /ledger/1/credits', transfers],
  ])('their scopes are not passed by: %s', async (_way, request, routeKey) => {
    expect(await statusOf(scoped, request, routeKey)).toBe(403);
  });

  it('all others come by $default', async () => {
    expect(await statusOf([transfers], 'POST /ledger/1/credits', '$default')).toBe(200);
    expect(await statusOf([transfers], 'GET /ledger/1', '$default')).toBe(200);
  });

  it('a direct invocation, which has no token, may do what the function does', async () => {
    expect(await statusOf(scoped, 'POST /ledger/1/transfers', '$default', {})).toBe(200);
  });
});

it('a token may come by any route where none has scopes of its own', async () => {
  expect(await statusOf([], 'POST /ledger/1/transfers/', '$default')).toBe(200);
});
