import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AppFixture, httpApiTo, writeApp } from '../../../test/support/app-fixture.ts';
import { type Host, startHost } from '../host.ts';
import type { Resource } from '../template/assembly.ts';

const app = 'http://localhost:5173';
const bucketName = 'documents';
const key = '8fe0a2b4-c9ae-4a41-9524-2ee521b2af27';
const scope = 'X-Amz-Credential=a%2F20260101%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Signature=1';

let fixture: AppFixture;
let host: Host;

beforeAll(async () => {
  const source = `exports.handler = async ({ requestContext: { http } }) => {
    if (http.method === 'OPTIONS') return { statusCode: 204, headers: { allow: 'GET' } };
    if (http.path === '/urls') return { statusCode: 200, body: JSON.stringify(process.env) };
    return { statusCode: 200, headers: { 'Access-Control-Allow-Origin': '*' }, body: http.path };
  }`;
  const api = httpApiTo('api');
  const CorsConfiguration = { AllowOrigins: [app], AllowMethods: ['*'], ExposeHeaders: ['etag'] };
  Object.assign(api['Api']?.Properties ?? {}, { CorsConfiguration });
  // So `/` has no route.
  Object.assign(api['Route']?.Properties ?? {}, { RouteKey: 'ANY /{proxy+}' });
  const rules = { CorsRules: [{ AllowedMethods: ['GET'], AllowedOrigins: ['*'] }] };
  const bucket = {
    Type: 'AWS::S3::Bucket',
    Properties: { BucketName: bucketName, CorsConfiguration: rules },
  };
  fixture = writeApp({ api: { source } }, { ...api, ...authorizedRoute(api['Route']), Bucket: bucket });
  host = await startHost({ httpPort: 0, awsPort: 0, assemblyFolder: fixture.folder });
});
afterAll(async () => {
  await host?.stop();
  fixture?.remove();
});

/** A route of the same function that needs a token. */
function authorizedRoute(open: Resource | undefined): Record<string, Resource> {
  const JwtConfiguration = { Issuer: 'https://issuer.example', Audience: ['app'] };
  const IdentitySource = ['$request.header.Authorization'];
  const authorized = { AuthorizationType: 'JWT', AuthorizerId: { Ref: 'Jwt' }, RouteKey: 'GET /private' };
  return {
    Jwt: {
      Type: 'AWS::ApiGatewayV2::Authorizer',
      Properties: { AuthorizerType: 'JWT', IdentitySource, JwtConfiguration },
    },
    Private: { Type: 'AWS::ApiGatewayV2::Route', Properties: { ...open?.Properties, ...authorized } },
  };
}

/** Not by fetch, which does not send a `host` of the caller. */
async function statusOf(url: string, method: string, headers: object): Promise<number | undefined> {
  const request = http.request(url, { method, headers: { ...headers } }).end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}

const corsHeaders = ({ headers }: Response) =>
  Object.fromEntries([...headers].filter(([name]) => /^access-control|^vary/.test(name)));

describe('a host whose API names an origin', () => {
  it('answers its preflights by the function of the route, and adds the headers', async () => {
    const headers = { origin: app, 'access-control-request-method': 'PATCH' };
    const preflight = await fetch(`${host.httpUrl}/a`, { method: 'OPTIONS', headers });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('allow')).toBe('GET');
    expect(corsHeaders(preflight)).toEqual({
      'access-control-allow-origin': app,
      'access-control-allow-methods': '*',
      vary: 'origin',
    });
  });

  it('answers a preflight without a route itself', async () => {
    const headers = { origin: app, 'access-control-request-method': 'PATCH' };
    const preflight = await fetch(host.httpUrl, { method: 'OPTIONS', headers });
    expect([preflight.status, preflight.headers.get('allow')]).toEqual([204, null]);
    expect(corsHeaders(preflight)).toMatchObject({ 'access-control-allow-methods': '*' });
    expect((await fetch(host.httpUrl, { method: 'OPTIONS' })).status).toBe(404);
  });

  it('adds the headers to errors that no function answers', async () => {
    for (const [path, status] of [
      ['/', 404],
      ['/private', 401],
    ]) {
      const error = await fetch(`${host.httpUrl}${path}`, { headers: { origin: app } });
      expect(error.status).toBe(status);
      expect(corsHeaders(error)).toMatchObject({ 'access-control-allow-origin': app });
    }
  });

  it('replaces the CORS headers of the function', async () => {
    const named = await fetch(`${host.httpUrl}/a`, { headers: { origin: app } });
    expect(corsHeaders(named)).toEqual({
      'access-control-allow-origin': app,
      'access-control-expose-headers': 'etag',
      vary: 'origin',
    });
    expect(corsHeaders(await fetch(`${host.httpUrl}/a`))).toEqual({ vary: 'origin' });
  });

  it('refuses other origins at both ports, without a CORS header', async () => {
    for (const url of [`${host.httpUrl}/a`, `${host.awsUrl}/2015-03-31/functions`]) {
      for (const method of ['GET', 'POST', 'OPTIONS']) {
        const refused = await fetch(url, { method, headers: { origin: 'http://localhost:5174' } });
        expect([refused.status, corsHeaders(refused)]).toEqual([403, {}]);
      }
    }
    const byAws = await fetch(`${host.awsUrl}/2015-03-31/functions`, { headers: { origin: app } });
    expect(byAws.status).toBe(403);
  });
});

describe('engines behind the AWS port', () => {
  it('get no OPTIONS, and their CORS headers are left out', async () => {
    const list = (method: string) =>
      fetch(host.awsUrl, {
        method,
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': 'DynamoDB_20120810.ListTables',
        },
        ...(method === 'POST' && { body: '{}' }),
      });
    const listed = await list('POST');
    expect([listed.status, corsHeaders(listed)]).toEqual([200, {}]);
    expect((await list('OPTIONS')).status).toBe(405);
  });

  it.each([
    ['application/pdf', null],
    ['APPLICATION/PDF', null],
    ['application/pdfx', 'sandbox'],
    ['application/pdf+xml', 'sandbox'],
    ['application/pdf, text/html', 'sandbox'],
    ['application/pdf;charset=x', 'sandbox'],
  ])('answer a document of type %s with the sandbox %s', async (type, sandbox) => {
    const url = `${host.awsUrl}/${bucketName}/typed?${scope}`;
    await fetch(url, { method: 'PUT', headers: { 'content-type': type }, body: '<script>' });
    expect((await fetch(url)).headers.get('content-security-policy')).toBe(sandbox);
  });

  it('answer a function name that cannot be decoded as Lambda does', async () => {
    const answer = await fetch(`${host.awsUrl}/2015-03-31/functions/%zz/invocations`, { method: 'POST' });
    expect([answer.status, answer.headers.get('x-amzn-errortype')]).toEqual([400, 'ValidationException']);
    expect(await answer.json()).toEqual({
      Type: 'User',
      message: 'The function name %zz has an invalid escape.',
    });
  });

  it('let the pages of every origin read a document by its link, and nothing else of its bucket', async () => {
    await fetch(`${host.awsUrl}/${bucketName}/${key}?${scope}`, {
      method: 'PUT',
      headers: { 'content-type': 'text/html' },
      body: '<script>',
    });
    const page = { 'sec-fetch-site': 'cross-site', origin: 'null' };
    const link = await fetch(`${host.awsUrl}/${bucketName}/${key}?${scope}`, { headers: page });
    expect([link.status, await link.text()]).toEqual([200, '<script>']);
    expect(corsHeaders(link)).toEqual({ 'access-control-allow-origin': '*' });
    expect(link.headers.get('content-security-policy')).toBe('sandbox');
    const list = await fetch(`${host.awsUrl}/${bucketName}?${scope}`, { headers: page });
    expect(list.status).toBe(403);
    for (const [asked, answered] of [
      ['attachment; filename="a"', 'attachment; filename="a"'],
      ['a\r\nset-cookie: b', null],
    ] as const) {
      const url = `${host.awsUrl}/${bucketName}/${key}?${scope}&response-content-disposition=${encodeURIComponent(asked)}`;
      const { status, headers } = await fetch(url, { headers: page });
      expect([status, headers.get('content-disposition')]).toEqual([200, answered]);
    }
    for (const [type, sandbox] of [
      ['text/plain', 'sandbox'],
      ['application/pdf', null],
    ] as const) {
      const url = `${host.awsUrl}/${bucketName}/${key}?${scope}&response-content-type=${type}`;
      const { headers } = await fetch(url, { headers: page });
      expect([headers.get('content-type'), headers.get('content-security-policy')]).toEqual([type, sandbox]);
    }
    const missing = await fetch(
      `${host.awsUrl}/${bucketName}/none?${scope}&response-content-type=text/plain`,
    );
    expect([missing.status, missing.headers.get('content-type')]).toEqual([404, 'application/xml']);
  });

  it('listen where no page looks, and refuse pages where they can', async () => {
    const urls = (await (await fetch(`${host.httpUrl}/urls`)).json()) as Record<string, string>;
    const engines = ['DYNAMODB', 'KINESIS', 'SQS'].map((name) => urls[`AWS_ENDPOINT_URL_${name}`] ?? '');
    const addresses = new Set(engines.map((url) => new URL(url).hostname));
    expect(addresses.size).toBe(process.platform === 'linux' ? 3 : 1);
    // Functions read documents at the port that links name.
    expect(urls['AWS_ENDPOINT_URL_S3']).toBe(host.awsUrl);
    for (const url of engines.slice(1)) {
      const asked = [{ origin: 'http://a.example' }, { 'sec-fetch-site': 'none' }, { host: 'a.example' }];
      for (const headers of asked) {
        expect(await statusOf(url, 'POST', headers)).toBe(403);
        expect(await statusOf(url, 'OPTIONS', headers)).toBe(403);
      }
    }
  });
});
