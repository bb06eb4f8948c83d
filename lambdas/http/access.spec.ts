import { Logger } from '@aws-lambda-powertools/logger';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { Access } from './access.ts';
import { createApiHandler } from './api-handler.ts';
import { identifier } from './identify.ts';
import type { HttpRequest } from './messages.ts';
import { defineRoute } from './route.ts';
import { noAudit, testContext, testNow } from './testing.ts';

const issuer = 'https://issuer.example.com/';
const seen: HttpRequest[] = [];
beforeEach(() => {
  seen.length = 0;
});

function route(path: `/${string}`, access: Access) {
  return defineRoute({
    method: 'GET',
    path,
    access,
    operationId: path,
    summary: 's',
    answers: { 200: { description: 'Done.' } },
    handle: (request) => {
      seen.push(request);
      return { status: 200 };
    },
  });
}

const limited = defineRoute({
  method: 'POST',
  path: '/accounts',
  access: 'ledger:write',
  operationId: 'open',
  summary: 's',
  body: z.object({ limit: z.int() }),
  bodyScopes: [{ scope: 'ledger:overdraft', needed: ({ limit }) => limit !== 0, purpose: 'to set a limit' }],
  answers: { 200: { description: 'Done.' } },
  handle: () => ({ status: 200 }),
});

const handler = createApiHandler({
  routes: [route('/open', 'open'), route('/any', 'any-caller'), route('/read', 'ledger:read'), limited],
  logger: new Logger({ logLevel: 'SILENT' }),
  identify: identifier({
    kind: 'jwt',
    issuer,
    scopes: 'as-named',
    claims: { subject: 'sub', scopes: ['scope'], tenant: 'tenant', defaultTenant: 'default' },
  }),
  recordRead: noAudit,
  now: () => testNow,
});

/** Calls a path through the gateway. `claims`: those of the token; undefined: there is none. */
async function call(path: string, claims?: object, { method = 'GET', limit = 0, headers = {} } = {}) {
  const authorizer = claims && { jwt: { claims: { iss: issuer, sub: 'w', ...claims } } };
  const { statusCode, body } = await handler(
    {
      version: '2.0',
      rawPath: path,
      headers: { 'content-type': 'application/json', ...headers },
      requestContext: { apiId: 'api', http: { method }, ...(authorizer && { authorizer }) },
      body: JSON.stringify({ limit }),
    },
    testContext,
  );
  const { type, detail } = JSON.parse(body ?? '{}') as { type?: string; detail?: string };
  return { status: statusCode, ...(type !== undefined && { code: type.split(':').at(-1), detail }) };
}

describe('the access of a route', () => {
  it.each([
    ['/open', undefined, 200],
    ['/any', undefined, 401],
    ['/read', undefined, 401],
    ['/open', { sub: '' }, 200],
    ['/any', { sub: '' }, 401],
    ['/any', {}, 200],
    ['/read', { scope: 'ledger:write ledger:reader read' }, 403],
    ['/read', { scope: 'ledger:read' }, 200],
    ['/read/', { scope: 'ledger:write' }, 403],
    ['/%72ead', { scope: 'ledger:write' }, 404],
    ['/open', { tenant: 'acme' }, 200],
    ['/any', { tenant: 'acme' }, 200],
    ['/any', { tenant: 'a/b' }, 401],
    ['/any', { tenant: '' }, 401],
    ['/read', { tenant: 'acme' }, 403],
    ['/read', { tenant: 'acme', scope: 'ledger:read' }, 200],
    ['/read', { tenant: 'default', scope: 'ledger:read' }, 200],
  ])('%s with the claims %j: %i', async (path, claims, status) => {
    expect((await call(path, claims)).status).toBe(status);
    expect(seen).toHaveLength(status === 200 ? 1 : 0);
  });

  it('holds for HEAD too', async () => {
    expect(await call('/read', {}, { method: 'HEAD' })).toMatchObject({ status: 403 });
  });

  it('names the scope that is missing', async () => {
    expect(await call('/read', {})).toEqual({
      status: 403,
      code: 'insufficient-scope',
      detail: 'The operation needs the scope ledger:read, and the caller does not have it.',
    });
  });

  it('passes the principal on, and no header changes it', async () => {
    const headers = { 'x-actor': 'a', actor: 'a', authorization: 'Bearer x', 'x-amzn-user-arn': 'a' };
    await call('/any', { scope: 'a' }, { headers });
    expect(seen[0]?.context).toMatchObject({
      actor: `${issuer} w`,
      principal: { issuer, subject: 'w', tenant: 'default' },
    });
    await call('/open', {});
    expect(seen[1]?.context).not.toHaveProperty('actor');
  });
});

describe('a scope that some bodies need', () => {
  it.each([
    ['ledger:write', 0, 200],
    ['ledger:write', 1, 403],
    ['ledger:overdraft', 1, 403],
    ['ledger:write ledger:overdraft', 1, 200],
  ])('with %s and a limit of %i: %i', async (scope, limit, status) => {
    const answer = await call('/accounts', { scope }, { method: 'POST', limit });
    expect(answer).toMatchObject({ status });
    if (scope === 'ledger:write' && limit === 1) expect(answer.detail).toContain('ledger:overdraft');
  });
});
