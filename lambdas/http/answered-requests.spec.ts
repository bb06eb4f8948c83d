import { Logger } from '@aws-lambda-powertools/logger';
import { expect, it } from '@jest/globals';
import { createApiHandler, lazyApiHandler } from './api-handler.ts';
import type { AnsweredRequest } from './request-log.ts';
import { callerOf, noAudit, openToAll, testContext, testCorrelationId, testNow } from './testing.ts';
import { callersId, partsPath, routes } from './things-api.fixture.ts';

const about = { logger: new Logger({ logLevel: 'SILENT' }), recordRead: noAudit, now: () => testNow };

/** An API that notes what it reports. */
function reportingApi() {
  const answered: AnsweredRequest[] = [];
  const options = { ...about, onAnswered: (request: AnsweredRequest) => void answered.push(request) };
  const handler = createApiHandler({ ...options, routes, identify: openToAll });
  return { answered, options, handler, call: callerOf(handler) };
}

const reported = (method: string, status: number, template?: string, problemCode?: string) => ({
  ...{ method, status, template, problemCode },
  durationMs: expect.any(Number),
  correlationId: testCorrelationId,
});

it('each request is reported once, when it is answered', async () => {
  const { answered, call } = reportingApi();
  const headers = { 'x-correlation-id': callersId };
  await call('POST', partsPath, { json: { amount: 1 }, headers });
  await call('HEAD', '/things/1');
  await call('DELETE', '/things/rejected');
  await call('DELETE', '/things/bug');
  await call('GET', '/things/1', { query: 'limit=x' });
  expect(answered).toEqual([
    { ...reported('POST', 201, '/things/{id}/parts'), correlationId: callersId },
    reported('HEAD', 200, '/things/{id}'),
    reported('DELETE', 409, '/things/{id}', 'things/busy'),
    reported('DELETE', 500, '/things/{id}', 'internal-error'),
    reported('GET', 400, '/things/{id}', 'invalid-query'),
  ]);
});

it('a report has no text of a path or an unknown method', async () => {
  const { answered, call, handler } = reportingApi();
  await call('GET', '/Jane-Doe');
  await call('Jane-Doe', '/things');
  await handler('Jane-Doe', testContext);
  expect(answered).toEqual([
    reported('GET', 404, undefined, 'unknown-path'),
    reported('OTHER', 405, '/things', 'method-not-allowed'),
    { ...reported('OTHER', 400, undefined, 'invalid-event'), correlationId: expect.any(String) },
  ]);
});

it('a request whose answer cannot be audited is reported as it is answered', async () => {
  const { answered, options } = reportingApi();
  const recordRead = () => {
    throw new Error('stdout is closed');
  };
  const call = callerOf(createApiHandler({ ...options, recordRead, routes, identify: openToAll }));
  const { status } = await call('GET', '/things/1');
  expect(answered).toEqual([reported('GET', status, '/things/{id}', 'internal-error')]);
});

it('a request that the API cannot start for is reported too', async () => {
  const { answered, options } = reportingApi();
  const call = callerOf(lazyApiHandler(() => Promise.reject(new Error('throttled')), options));
  await call('GET', '/things/1');
  expect(answered).toEqual([reported('GET', 503, undefined, 'unavailable')]);
});
