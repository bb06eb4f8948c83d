import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { authorizationBySdk, type Credentials, type SignedRequest } from '../support/signature-gate.ts';

type Headers = Readonly<Record<string, string>>;

const require = createRequire(import.meta.url);
const { encodeQuery, signatureHeaders } = require('../../bruno/scripts/sigv4.js') as {
  encodeQuery(query: string): string;
  signatureHeaders(request: SignedRequest & { readonly credentials: Credentials }): Headers;
};
const { answerOf, eventOf } = require('../../bruno/scripts/invocation.js') as {
  answerOf(payload: object): { status: number; headers: Headers; body: unknown };
  eventOf(request: object): Readonly<Record<string, unknown>>;
};

const text = fc.string({ unit: 'binary' }).map((value) => value.toWellFormed());
// The SDK keeps a query in a plain object, which cannot have this name.
const parameter = text.filter((name) => name !== '__proto__');
const printable = fc.stringMatching(/^[!-~]+$/);
const requests: fc.Arbitrary<SignedRequest & { readonly credentials: Credentials }> = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
  path: fc
    .array(fc.oneof(text.map(encodeURIComponent), fc.constantFrom('..', '.', '', '$default', "it's(*)!")))
    .map((segments) => `/${segments.join('/')}`),
  query: fc.oneof(
    fc.array(fc.tuple(parameter, text)).map((pairs) => new URLSearchParams(pairs).toString()),
    fc.constantFrom('', 'a', 'a=&a', 'b=2&a-b=1&a=3&a=1', 'x=%zz', 'x=a=b+c', "y=!'()*~"),
  ),
  headers: fc.record({
    host: fc.constantFrom('localhost:4566', 'example.execute-api.eu-central-1.amazonaws.com'),
    'content-type': fc.constantFrom('application/json', ' text/plain;   charset=utf-8;  format=flowed '),
  }),
  body: fc.oneof(text, fc.uint8Array()),
  service: fc.constantFrom('execute-api', 'lambda'),
  region: fc.constantFrom('eu-central-1', 'us-gov-west-1'),
  date: fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }),
  credentials: fc.oneof(
    fc.record({ accessKeyId: printable, secretAccessKey: printable }),
    fc.record({ accessKeyId: printable, secretAccessKey: printable, sessionToken: printable }),
  ),
});

describe('the signature of a request', () => {
  it('equals that of the AWS SDK', async () => {
    const property = fc.asyncProperty(requests, async ({ credentials, ...request }) => {
      const sent = { ...request, query: encodeQuery(request.query) };
      const { authorization } = signatureHeaders({ ...sent, credentials });
      expect(authorization).toBe(await authorizationBySdk(sent, credentials));
    });
    await fc.assert(property, { numRuns: 500 });
  });

  it('is sent with the headers that it covers', () => {
    const credentials = { accessKeyId: 'id', secretAccessKey: 'secret', sessionToken: 'token' };
    const request = { method: 'GET', path: '/', query: '', headers: { host: 'h' }, body: '', service: 's' };
    const date = new Date('2026-11-21T14:05:09.123Z');
    expect(signatureHeaders({ ...request, region: 'r', date, credentials })).toEqual({
      'x-amz-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      'x-amz-date': '20261121T140509Z',
      'x-amz-security-token': 'token',
      authorization: expect.stringContaining(
        'Credential=id/20261121/r/s/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token, ',
      ),
    });
  });

  it('encodes a query without changing its meaning', () => {
    const property = fc.property(requests, ({ query }) => {
      expect([...new URLSearchParams(encodeQuery(query))]).toEqual([...new URLSearchParams(query)]);
    });
    fc.assert(property);
  });
});

describe('a direct invocation', () => {
  const request = { method: 'put', path: '/dispenses/a%20b', query: 'a=1&a=2', headers: {} };

  it('carries the request as API Gateway would', () => {
    expect(eventOf({ ...request, headers: { accept: 'x/y' } })).toEqual({
      version: '2.0',
      routeKey: '$default',
      rawPath: '/dispenses/a%20b',
      rawQueryString: 'a=1&a=2',
      headers: { accept: 'x/y' },
      requestContext: { stage: '$default', http: { method: 'PUT', path: '/dispenses/a%20b' } },
      isBase64Encoded: false,
    });
  });

  it.each([
    ['application/json', '{}', '{}', false],
    ['application/problem+json; charset=utf-8', '{}', '{}', false],
    ['text/plain;charset=utf-8', 'ä', 'ä', false],
    ['image/png', 'ä', 'w6Q=', true],
    [undefined, 'ä', 'w6Q=', true],
    ['text/plain', Buffer.from([0xff, 0x00]), '/wA=', true],
  ])('of %s is text or base64 (%#)', (contentType, body, expected, isBase64Encoded) => {
    const headers = contentType === undefined ? {} : { 'content-type': contentType };
    expect(eventOf({ ...request, headers, body })).toMatchObject({ body: expected, isBase64Encoded });
  });

  it.each([
    [{ statusCode: 304 }, { status: 304, headers: {}, body: '' }],
    [
      { statusCode: 200, headers: { ETag: '"1"' }, body: '{"a":1}' },
      { status: 200, headers: { etag: '"1"' }, body: { a: 1 } },
    ],
    [
      { statusCode: 200, cookies: ['a=b'], body: 'w6Q=', isBase64Encoded: true },
      { status: 200, headers: { 'set-cookie': ['a=b'] }, body: 'ä' },
    ],
  ])('is answered with the HTTP response of the function (%#)', (payload, answer) => {
    expect(answerOf(payload)).toEqual(answer);
  });
});
