import { Logger } from '@aws-lambda-powertools/logger';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { createApiHandler } from './api-handler.ts';
import { defineRoute } from './route.ts';
import { noAudit, openToAll, testContext, testNow } from './testing.ts';

const route = defineRoute({
  method: 'POST',
  path: '/things/{id}',
  access: 'any-caller',
  operationId: 'o',
  summary: 's',
  params: z.object({ id: z.uuid() }),
  body: z.object({ amount: z.number() }),
  answers: { 200: { description: 'Done.' } },
  handle: () => ({ status: 200 }),
});
const handler = createApiHandler({
  routes: [route],
  logger: new Logger({ logLevel: 'SILENT' }),
  identify: openToAll,
  recordRead: noAudit,
  now: () => testNow,
});

/** The result is a problem in a form that the Lambda runtime and API Gateway accept. */
async function expectProblem(event: unknown) {
  const result = await handler(event, testContext);
  expect(result.statusCode).toBeGreaterThanOrEqual(400);
  expect(result.statusCode).toBeLessThan(500);
  for (const value of Object.values(result.headers)) expect(value).toMatch(/^[\x20-\x7e]+$/);
  if (result.body === undefined) return;
  expect(result.headers['content-type']).toBe('application/problem+json');
  expect(JSON.parse(result.body)).toMatchObject({ status: result.statusCode, type: expect.any(String) });
}

const junk = fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true });
const text = fc.string({ unit: 'binary' });
/** Events that look valid, with an error in any part. */
const damaged = fc.record(
  {
    version: fc.oneof({ weight: 5, arbitrary: fc.constant('2.0') }, junk),
    rawPath: fc.oneof({ weight: 5, arbitrary: text.map((id) => `/things/${id}`) }, fc.webPath(), text, junk),
    rawQueryString: fc.oneof(text, fc.webQueryParameters(), junk),
    queryStringParameters: junk,
    headers: fc.oneof(
      fc.dictionary(
        fc.oneof(fc.constantFrom('content-type', 'X-Correlation-Id'), text),
        fc.oneof(text, junk),
      ),
      fc.constant({ 'content-type': 'application/json' }),
      junk,
    ),
    requestContext: fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({
          http: fc.record({
            method: fc.oneof(fc.constantFrom('GET', 'POST', 'HEAD', 'TRACE', 'CONNECT'), text),
          }),
          requestId: fc.oneof(text, junk),
          authorizer: junk,
        }),
      },
      junk,
    ),
    body: fc.oneof(text, fc.json(), fc.base64String(), junk),
    isBase64Encoded: fc.oneof(fc.boolean(), junk),
  },
  { requiredKeys: ['rawPath', 'requestContext'] },
);

describe('the API handler', () => {
  it('answers every malformed event with a problem', async () => {
    await fc.assert(fc.asyncProperty(damaged, expectProblem), { numRuns: 2_000 });
  });

  it('answers any other value that Lambda is invoked with', async () => {
    await fc.assert(fc.asyncProperty(junk, expectProblem), { numRuns: 500 });
  });

  it('answers every body except the accepted one with a problem', async () => {
    const event = {
      version: '2.0',
      rawPath: '/things/0e2c1e4a-6a3b-4b1e-9d7c-0f9f5b8f3c11',
      headers: { 'content-type': 'application/json' },
      requestContext: { http: { method: 'POST' } },
    };
    expect(await handler({ ...event, body: '{"amount":1}' }, testContext)).toMatchObject({
      statusCode: 200,
    });
    const bodies = fc.record({ body: fc.oneof(text, fc.json()), isBase64Encoded: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(bodies, (body) => expectProblem({ ...event, ...body })),
      { numRuns: 1_000 },
    );
  });
});
