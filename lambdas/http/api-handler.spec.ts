import { Logger } from '@aws-lambda-powertools/logger';
import { describe, expect, it } from '@jest/globals';
import { createApiHandler } from './api-handler.ts';
import { noAudit, openToAll, testContext, testCorrelationId, testNow } from './testing.ts';
import { call, callersId, jsonType, partsPath, routes, seen } from './things-api.fixture.ts';

describe('a request', () => {
  it('is passed to its route, typed, with its context', async () => {
    const headers = { 'x-correlation-id': callersId, 'Content-Type': 'application/json; charset=utf-8' };
    const response = await call('POST', partsPath, { headers, body: '{"amount":34.0}' });
    expect(response).toEqual({
      status: 201,
      headers: {
        'cache-control': 'no-store',
        'content-type': 'application/json',
        etag: '"1"',
        'x-correlation-id': callersId,
      },
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
      identify: openToAll,
      recordRead: noAudit,
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
      headers: { 'cache-control': 'no-store', etag: '"1"', 'x-correlation-id': testCorrelationId },
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
