import { Logger } from '@aws-lambda-powertools/logger';
import { describe, expect, it, jest } from '@jest/globals';
import type { Context } from 'aws-lambda';
import { z } from 'zod';
import { createApiHandler } from './api-handler.ts';
import { resultMaxBytes } from './result.ts';
import { defineRoute } from './route.ts';
import { noAudit, openToAll, testApi, testContext, testCorrelationId, testNow } from './testing.ts';
import { about, anything, call, callersId, lambdaMaxBytes, partsPath, routes } from './things-api.fixture.ts';

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
      identify: openToAll,
      recordRead: noAudit,
      now: () => testNow,
    });
    const get = (size: number, method = 'GET') =>
      handler({ rawPath: `/pages/${size}`, requestContext: { http: { method } } }, testContext);
    // `"` is `\\\"` in the result: JSON in JSON.
    const charBytes = Buffer.byteLength(JSON.stringify(JSON.stringify(char))) - 6;
    const fits = Math.floor((resultMaxBytes - 200) / charBytes);
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
    const handler = createApiHandler({
      routes: [stuck],
      logger,
      identify: openToAll,
      recordRead: noAudit,
      now: () => testNow,
    });
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
