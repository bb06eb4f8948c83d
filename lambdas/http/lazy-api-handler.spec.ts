import { Logger } from '@aws-lambda-powertools/logger';
import { expect, it, jest } from '@jest/globals';
import { createApiHandler, lazyApiHandler } from './api-handler.ts';
import { callerOf, noAudit, openToAll, testCorrelationId, testNow } from './testing.ts';
import { routes } from './things-api.fixture.ts';

const now = () => testNow;

function lazyApi(faults: unknown[]) {
  const logger = new Logger({ logLevel: 'SILENT' });
  const error = jest.spyOn(logger, 'error');
  const load = jest.fn(async () => {
    const [fault] = faults.splice(0, 1);
    if (fault !== undefined) throw fault;
    return createApiHandler({ routes, logger, identify: openToAll, recordRead: noAudit, now });
  });
  return { load, error, logger, call: callerOf(lazyApiHandler(load, { logger, recordRead: noAudit, now })) };
}

it.each([
  ['throttled', Object.assign(new Error('secret'), { name: 'ThrottlingException' })],
  ['forbidden', Object.assign(new Error('secret'), { name: 'AccessDeniedException' })],
  ['a defect', new TypeError('secret')],
  ['no error', 'secret'],
])(
  'a request is answered with 503 while the API cannot be created (%s), and the next one tries again',
  async (_, fault) => {
    const { call, load, error, logger } = lazyApi([fault, fault]);
    for (const [method, path] of [
      ['GET', '/things'],
      ['POST', '/nowhere'],
    ] as const) {
      const answer = await call(method, path);
      expect(answer).toMatchObject({
        status: 503,
        headers: {
          'content-type': 'application/problem+json',
          'retry-after': '1',
          'x-correlation-id': testCorrelationId,
        },
        body: { type: 'urn:streamfold:problem:unavailable', status: 503 },
      });
      expect(JSON.stringify(answer)).not.toContain('secret');
    }
    expect(error).toHaveBeenCalledTimes(2);
    // The log has the reason.
    expect(error.mock.calls.map(([, thrown]) => (thrown as Error).cause)).toEqual([fault, fault]);
    expect(await call('GET', '/things')).toMatchObject({ status: 200 });
    expect(load).toHaveBeenCalledTimes(3);
    expect(logger.getCorrelationId()).toBeUndefined();
  },
);

it('a HEAD request has no body, and a malformed event keeps its own problem', async () => {
  const { call } = lazyApi([new Error('a'), new Error('b')]);
  expect(await call('HEAD', '/things')).toMatchObject({ status: 503, body: undefined });
  expect(await call('GET', 'things')).toMatchObject({ status: 400 });
});
