import { Logger } from '@aws-lambda-powertools/logger';
import { describe, expect, it, jest } from '@jest/globals';
import type { Context } from 'aws-lambda';
import { z } from 'zod';
import { EventSourcingError } from '../kernel/index.ts';
import { createApiHandler } from './api-handler.ts';
import type { HttpRequest } from './messages.ts';
import { rejectionProblem } from './problem.ts';
import { resultMaxBytes } from './result.ts';
import { defineRoute } from './route.ts';
import { testApi, testContext, testCorrelationId, testNow } from './testing.ts';

const about = { operationId: 'o', summary: 's' } as const;
/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const lambdaMaxBytes = 6 * 1024 * 1024;
const anything = { 200: { description: 'Done.', schema: z.unknown() } } as const;
const seen: HttpRequest[] = [];

const routes = [
  defineRoute({
    ...about,
    method: 'POST',
    path: '/things/{id}/parts',
    params: z.object({ id: z.string().regex(/^[a-z\d-]{1,20}$/, 'Expected an id') }),
    body: z.object({ amount: z.union([z.number(), z.string()]), tags: z.array(z.string()).optional() }),
    answers: { 201: { description: 'Added.', schema: z.unknown(), headers: { etag: 'The version.' } } },
    handle: (request) => {
      seen.push(request);
      return { status: 201, headers: { etag: '"1"' }, body: { id: request.params.id, ...request.body } };
    },
  }),
  defineRoute({
    ...about,
    method: 'GET',
    path: '/things/{id}',
    params: z.object({ id: z.string() }),
    query: z.object({ limit: z.string().regex(/^\d+$/).optional() }),
    answers: { 200: anything[200], 304: { description: 'Not modified.' } },
    handle: ({ params, query, headers }) =>
      headers['if-none-match'] === '"1"'
        ? { status: 304, headers: { etag: '"1"' } }
        : { status: 200, headers: { etag: '"1"' }, body: { ...params, ...query } },
  }),
  defineRoute({
    ...about,
    method: 'GET',
    path: '/things',
    answers: anything,
    handle: () => ({ status: 200, body: [] }),
  }),
  defineRoute({
    ...about,
    method: 'DELETE',
    path: '/things/{id}',
    params: z.object({ id: z.string() }),
    answers: anything,
    handle: ({ params }) => {
      const thrown = thrownById[params.id];
      if (thrown === undefined) return { status: 200, body: {} };
      throw thrown();
    },
  }),
];

const thrownById: Readonly<Record<string, () => unknown>> = {
  rejected: () => rejectionProblem({ kind: 'refused', code: 'things/busy', detail: 'It is busy.' }),
  mismatch: () => new EventSourcingError('version-mismatch', 'things/1', 'secret'),
  throttled: () => Object.assign(new Error('secret'), { name: 'ThrottlingException' }),
  bug: () => new TypeError('secret'),
  uri: () => new URIError('secret'),
  nothing: () => undefined,
  bare: () => Object.create(null),
};

const call = testApi(routes);
const partsPath = '/things/a-1/parts';
const callersId = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
const jsonType = { 'content-type': 'application/json' };

describe('a request', () => {
  it('is passed to its route, typed, with its context', async () => {
    const headers = { 'x-correlation-id': callersId, 'Content-Type': 'application/json; charset=utf-8' };
    const response = await call('POST', partsPath, { headers, body: '{"amount":34.0}' });
    expect(response).toEqual({
      status: 201,
      headers: { 'content-type': 'application/json', etag: '"1"', 'x-correlation-id': callersId },
      body: { id: 'a-1', amount: 34 },
    });
    expect(seen.at(-1)).toMatchObject({
      params: { id: 'a-1' },
      query: {},
      body: { amount: 34 },
      context: { correlationId: callersId, now: testNow },
    });
  });

  it('may have its body in base64', async () => {
    const body = Buffer.from('{"amount":"34.0"}').toString('base64');
    const response = await call('POST', partsPath, { headers: jsonType, body, isBase64Encoded: true });
    expect(response).toMatchObject({ status: 201, body: { amount: '34.0' } });
  });

  it('may be an event written by hand with only the required parts', async () => {
    const handler = createApiHandler({
      routes,
      logger: new Logger({ logLevel: 'SILENT' }),
      now: () => testNow,
    });
    const event = { version: '2.0', rawPath: '/things', requestContext: { http: { method: 'GET' } } };
    expect(await handler(event, testContext)).toMatchObject({ statusCode: 200, body: '[]' });
  });

  it('finds its route with a slash at the end and with escapes in its segments', async () => {
    expect(await call('GET', '/things/')).toMatchObject({ status: 200 });
    expect(await call('GET', '/things/a%2Fb%20c')).toMatchObject({ status: 200, body: { id: 'a/b c' } });
    expect(await call('GET', '/things/é')).toMatchObject({ status: 200, body: { id: 'é' } });
    expect(await call('GET', '/things/a?b#c\\d e')).toMatchObject({
      status: 200,
      body: { id: 'a?b#c\\d e' },
    });
  });

  it.each(['/./things', '/things/..', '/other/../things', '/x/%2e%2E/things', '/.%2e/things'])(
    'is refused for the path %s, which a policy in front of the API interprets differently',
    async (path) => {
      expect(await call('GET', path)).toMatchObject({
        status: 400,
        body: { type: 'urn:streamfold:problem:invalid-path' },
      });
    },
  );

  it('may have dots as a part of a segment', async () => {
    expect(await call('GET', '/things/a..b')).toMatchObject({ status: 200, body: { id: 'a..b' } });
    expect(await call('GET', '/things/...')).toMatchObject({ status: 200, body: { id: '...' } });
  });

  it('by HEAD gets the answer of GET without the body', async () => {
    const get = await call('GET', '/things/1');
    expect(await call('HEAD', '/things/1')).toEqual({ ...get, body: undefined });
    expect(await call('HEAD', '/nowhere')).toMatchObject({ status: 404, body: undefined });
  });

  it('by OPTIONS gets the allowed methods', async () => {
    expect(await call('OPTIONS', '/things/1')).toEqual({
      status: 204,
      headers: { allow: 'GET, DELETE, HEAD, OPTIONS', 'x-correlation-id': testCorrelationId },
      body: undefined,
    });
  });

  it('may get an answer with headers only', async () => {
    expect(await call('GET', '/things/1', { headers: { 'if-none-match': '"1"' } })).toEqual({
      status: 304,
      headers: { etag: '"1"', 'x-correlation-id': testCorrelationId },
      body: undefined,
    });
  });
});

describe('bad input', () => {
  const body = (text: string) => ({ headers: jsonType, body: text });
  const cases: [string, [string, string, object?], number, string][] = [
    ['not JSON', ['POST', partsPath, body('{amount: 34}')], 400, 'invalid-json'],
    ['no body', ['POST', partsPath, { headers: jsonType }], 400, 'empty-body'],
    [
      'a body of another type',
      ['POST', partsPath, { headers: { 'content-type': 'text/plain' }, body: '{}' }],
      415,
      'unsupported-media-type',
    ],
    ['a body without a type', ['POST', partsPath, { body: '{"amount":1}' }], 415, 'unsupported-media-type'],
    [
      'over 1 MiB',
      ['POST', partsPath, body(`{"amount":"${'1'.repeat(1024 * 1024)}"}`)],
      413,
      'body-too-large',
    ],
    [
      'broken base64',
      ['POST', partsPath, { ...body('{"amount":1}'), isBase64Encoded: true }],
      400,
      'invalid-base64',
    ],
    [
      'a body that is not UTF-8',
      ['POST', partsPath, { ...body('Iv8i'), isBase64Encoded: true }],
      400,
      'invalid-utf-8',
    ],
    ['a number beyond a double', ['POST', partsPath, body('{"amount":1e400}')], 400, 'inexact-number'],
    [
      'more digits than a double holds',
      ['POST', partsPath, body('{"amount":0.12345678901234567}')],
      400,
      'inexact-number',
    ],
    ['an unknown field', ['POST', partsPath, { json: { amount: 1, other: 2 } }], 400, 'invalid-body'],
    ['a field of another type', ['POST', partsPath, { json: { amount: null } }], 400, 'invalid-body'],
    ['a body that is not an object', ['POST', partsPath, { json: [] }], 400, 'invalid-body'],
    [
      'a __proto__',
      ['POST', partsPath, body('{"amount":1,"__proto__":{"admin":true}}')],
      400,
      'invalid-body',
    ],
    ['deep nesting', ['POST', partsPath, body('['.repeat(100_000))], 400, 'invalid-json'],
    [
      'a bad path parameter',
      ['POST', '/things/A_1/parts', { json: { amount: 1 } }],
      400,
      'invalid-path-parameter',
    ],
    ['a blank path parameter', ['GET', '/things/%20'], 400, 'invalid-path-parameter'],
    ['an undecodable path', ['GET', '/things/%zz'], 400, 'invalid-path'],
    ['a bad query parameter', ['GET', '/things/1', { query: 'limit=x' }], 400, 'invalid-query'],
    ['an unknown query parameter', ['GET', '/things', { query: 'limit=1' }], 400, 'invalid-query'],
    ['a repeated query parameter', ['GET', '/things/1', { query: 'limit=1&limit=1' }], 400, 'invalid-query'],
    ['an unknown path', ['GET', '/nowhere'], 404, 'unknown-path'],
    ['a path that begins like the host of a URL', ['GET', '//@'], 404, 'unknown-path'],
    ['a path that begins like a host in brackets', ['GET', '//[x'], 404, 'unknown-path'],
    ['an escape in the name of a route', ['GET', '/th%69ngs'], 404, 'unknown-path'],
    ['only slashes', ['GET', '///'], 404, 'unknown-path'],
    ['an empty segment', ['POST', '/things//parts', { json: { amount: 1 } }], 404, 'unknown-path'],
    ['a wrong method', ['PUT', '/things/1', { json: {} }], 405, 'method-not-allowed'],
    ['an unknown method', ['BREW', '/things/1'], 405, 'method-not-allowed'],
  ];

  it.each(cases)('%s', async (_name, [method, path, request], status, code) => {
    const before = seen.length;
    const response = await call(method, path, request);
    expect(response).toMatchObject({
      status,
      headers: { 'content-type': 'application/problem+json', 'x-correlation-id': testCorrelationId },
      body: {
        type: `urn:streamfold:problem:${code}`,
        title: expect.any(String),
        status,
        detail: expect.stringMatching(/^.{15,}\.$/),
        instance: `urn:streamfold:request:${testCorrelationId}`,
      },
    });
    expect(seen).toHaveLength(before);
  });

  it('gets the allowed methods', async () => {
    expect((await call('PATCH', '/things/1')).headers['allow']).toBe('GET, DELETE, HEAD, OPTIONS');
    expect((await call('GET', partsPath)).headers['allow']).toBe('POST, OPTIONS');
  });

  it('is ignored in the body of a route without a body', async () => {
    expect((await call('GET', '/things', { body: '{"amount":' })).status).toBe(200);
  });
});

describe('an error in a route', () => {
  it.each([
    ['rejected', 409, 'things/busy'],
    ['mismatch', 412, 'version-mismatch'],
    ['throttled', 503, 'unavailable'],
    ['bug', 500, 'internal-error'],
    ['uri', 500, 'internal-error'],
    ['bare', 500, 'internal-error'],
  ])('%s: %d', async (id, status, code) => {
    const response = await call('DELETE', `/things/${id}`);
    expect(response).toMatchObject({ status, body: { type: `urn:streamfold:problem:${code}` } });
    expect(JSON.stringify(response)).not.toContain('secret');
  });

  it('undefined: 500', async () => {
    expect(await call('DELETE', '/things/nothing')).toMatchObject({ status: 500 });
  });

  it.each([
    ['plain text', 'a'],
    ['characters of three bytes', '€'],
    ['characters that JSON escapes twice', '"'],
  ])('an answer over the limit of Lambda, of %s: 500', async (_what, char) => {
    const pages = defineRoute({
      ...about,
      method: 'GET',
      path: '/pages/{size}',
      params: z.object({ size: z.string() }),
      answers: anything,
      handle: ({ params }) => ({ status: 200, body: char.repeat(Number(params.size)) }),
    });
    const handler = createApiHandler({
      routes: [pages],
      logger: new Logger({ logLevel: 'SILENT' }),
      now: () => testNow,
    });
    const get = (size: number, method = 'GET') =>
      handler({ rawPath: `/pages/${size}`, requestContext: { http: { method } } }, testContext);
    // `"` is `\\\"` in the result: JSON in JSON.
    const charBytes = Buffer.byteLength(JSON.stringify(JSON.stringify(char))) - 6;
    const fits = Math.floor((resultMaxBytes - 100) / charBytes);
    const largest = await get(fits);
    expect(largest.statusCode).toBe(200);
    expect(Buffer.byteLength(JSON.stringify(largest))).toBeLessThanOrEqual(lambdaMaxBytes);
    const tooMany = Math.ceil(resultMaxBytes / charBytes);
    const refused = await get(tooMany);
    expect(refused).toMatchObject({
      statusCode: 500,
      headers: { 'content-type': 'application/problem+json', 'x-correlation-id': expect.any(String) },
    });
    expect(JSON.parse(refused.body ?? '')).toMatchObject({ type: 'urn:streamfold:problem:answer-too-large' });
    expect(await get(tooMany, 'HEAD')).toMatchObject({ statusCode: 500 });
  });

  it('timeout: 503 shortly before Lambda’s timeout, with the template in the log', async () => {
    const stuck = defineRoute({
      ...about,
      method: 'GET',
      path: '/stuck',
      answers: anything,
      handle: () => new Promise<never>(() => undefined),
    });
    const logger = new Logger({ logLevel: 'SILENT' });
    const info = jest.spyOn(logger, 'info');
    const handler = createApiHandler({ routes: [stuck], logger, now: () => testNow });
    const event = { rawPath: '/stuck', requestContext: { http: { method: 'GET' } } };
    const result = await handler(event, { getRemainingTimeInMillis: () => 300 } as Context);
    expect(result).toMatchObject({ statusCode: 503, headers: { 'retry-after': '1' } });
    expect(info).toHaveBeenCalledWith('request', expect.objectContaining({ route: '/stuck', status: 503 }));
  });
});

describe('createApiHandler', () => {
  it('refuses two routes for one method and path', () => {
    expect(() => testApi([...routes, ...routes.slice(0, 1)])).toThrow(
      'Two routes claim POST /things/{id}/parts',
    );
  });
});

describe('the log', () => {
  function logged() {
    const logger = new Logger({ logLevel: 'SILENT' });
    const info = jest.spyOn(logger, 'info');
    const error = jest.spyOn(logger, 'error');
    const ids: unknown[] = [];
    info.mockImplementation(() => void ids.push(logger.getCorrelationId()));
    return { logger, info, error, ids, call: testApi(routes, logger) };
  }

  it('has one line for each request, with the template instead of the path and without the body', async () => {
    const { logger, info, error, ids, call } = logged();
    await call('POST', partsPath, { json: { amount: 1 }, headers: { 'x-correlation-id': callersId } });
    await call('POST', '/things/B/parts', { json: { amount: 'private' } });
    await call('BREW', '/nowhere/private');
    const durationMs = expect.any(Number);
    expect(info.mock.calls).toEqual([
      ['request', { method: 'POST', route: '/things/{id}/parts', status: 201, durationMs }],
      [
        'request',
        {
          method: 'POST',
          route: '/things/{id}/parts',
          status: 400,
          durationMs,
          problem: 'invalid-path-parameter',
        },
      ],
      ['request', { method: 'OTHER', route: 'unmatched', status: 404, durationMs, problem: 'unknown-path' }],
    ]);
    expect(ids).toEqual([callersId, testCorrelationId, testCorrelationId]);
    expect(error).not.toHaveBeenCalled();
    expect(logger.getCorrelationId()).toBeUndefined();
  });

  it('has no text of a path, a query or a header', async () => {
    const { info, error, ids, call } = logged();
    const headers = Object.fromEntries(
      ['x-correlation-id', 'traceparent', 'user-agent', 'idempotency-key', 'if-match', 'x-request-id'].map(
        (name) => [name, 'Jane-Doe'],
      ),
    );
    const answers = [
      await call('GET', '/things/Jane-Doe', { query: 'Jane-Doe=1', headers }),
      await call('DELETE', '/things/bug', { headers }),
      await call('GET', '/Jane-Doe', { headers }),
      await call('Jane-Doe', '/things', { headers }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([400, 500, 404, 405]);
    expect(JSON.stringify([info.mock.calls, error.mock.calls, ids])).not.toContain('Jane-Doe');
    for (const { headers: answered } of answers) {
      expect(answered['x-correlation-id']).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
    }
    expect(answers.map(({ headers: answered }) => answered['x-correlation-id'])).toEqual(ids);
  });

  it('has the error that caused a 5xx', async () => {
    const { error, call } = logged();
    await call('DELETE', '/things/bug');
    await call('DELETE', '/things/bare');
    expect(error.mock.calls).toEqual([
      ['request failed', expect.objectContaining({ message: 'secret' })],
      ['request failed', expect.objectContaining({ message: 'Thrown: [Object: null prototype] {}' })],
    ]);
  });

  it('does not keep the keys that a request appended', async () => {
    const { logger, call } = logged();
    logger.appendKeys({ stream: 'things/1' });
    await call('GET', '/nowhere');
    expect(logger.getCorrelationId()).toBeUndefined();
  });
});
