import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { testContext } from '../http/testing.ts';
import { functionRuntime } from './function-runtime.ts';
import { loadTracing } from './load-tracing.ts';

const reports = { warn: () => undefined, info: () => undefined, dropped: () => undefined };
const endpoint = 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT';
const otlp = { TRACING: 'otlp', [endpoint]: 'http://127.0.0.1:1/v1/traces' };
const secretArn = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:key';

const credentials = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };
// The SDK reads them itself. No service answers at this address.
Object.assign(process.env, { AWS_ENDPOINT_URL_SECRETS_MANAGER: 'http://127.0.0.1:1', ...credentials });

let server: Server | undefined;
afterEach(() => {
  jest.restoreAllMocks();
  server?.closeAllConnections();
  server?.close();
});

it.each([{}, { TRACING: 'off' }, { TRACING: 'xray' }])('loads nothing for %j', async (env) => {
  await expect(loadTracing(env, reports)).resolves.toBeUndefined();
});

it.each([
  otlp,
  { ...otlp, OTEL_TRACES_SAMPLER_ARG: '0.05' },
  { ...otlp, OTLP_SIGNING: 'sigv4', AWS_REGION: 'eu-central-1' },
  { ...otlp, OTLP_HEADER_NAME: 'X-Api-Key', OTLP_HEADER_SECRET_ARN: secretArn },
  { TRACING: 'xray', AWS_XRAY_DAEMON_ADDRESS: '127.0.0.1:2000' },
])('loads an adapter for %j', async (env) => {
  await expect(loadTracing(env, reports)).resolves.toMatchObject({ invocation: expect.any(Function) });
});

it.each([
  [{ TRACING: 'on' }, 'TRACING must be "off", "xray" or "otlp".'],
  [{ TRACING: 'otlp' }, 'It is not set.'],
  [{ ...otlp, [endpoint]: 'localhost:4318' }, 'as http://localhost:4318/v1/traces'],
  [{ ...otlp, [endpoint]: 'https://u:secret@host/v1/traces' }, 'must not have a user or a password'],
  [
    { ...otlp, OTEL_TRACES_SAMPLER_ARG: '5' },
    'OTEL_TRACES_SAMPLER_ARG is "5"; it must be a number from 0 to 1.',
  ],
  [{ ...otlp, OTEL_TRACES_SAMPLER_ARG: 'x' }, 'it must be a number from 0 to 1.'],
  [{ ...otlp, OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: '0' }, 'from 1 to 10000'],
  [{ ...otlp, OTLP_SIGNING: 'v2' }, 'it must be "sigv4", or not set.'],
  [{ ...otlp, OTLP_SIGNING: 'sigv4' }, 'AWS_REGION must be set.'],
  [{ ...otlp, OTLP_HEADER_NAME: 'x' }, 'Set both OTLP_HEADER_NAME and OTLP_HEADER_SECRET_ARN, or neither.'],
  [
    { ...otlp, OTLP_HEADER_NAME: 'a b', OTLP_HEADER_SECRET_ARN: secretArn },
    'it must be the name of a header',
  ],
  [
    { ...otlp, OTLP_HEADER_NAME: 'Host', OTLP_HEADER_SECRET_ARN: secretArn },
    'that the exporter does not write',
  ],
  [{ ...otlp, OTLP_HEADER_NAME: 'x', OTLP_HEADER_SECRET_ARN: 'key' }, 'must be the ARN of a secret'],
])('refuses %j', async (env, message) => {
  const loading = loadTracing(env, reports);
  await expect(loading).rejects.toThrow(message);
  await expect(loading).rejects.not.toThrow('u:secret');
});

describe('a function with TRACING=otlp', () => {
  const env = { ...otlp, POWERTOOLS_SERVICE_NAME: 'api', STAGE: 'test', AWS_REGION: 'eu-central-1' };
  /** The lines that are written to stdout. */
  function written(): string[] {
    const lines: string[] = [];
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
    return lines;
  }

  /** Runs an invocation of a function whose spans go to a server, which is also Secrets Manager. Returns the requests. */
  async function requestsOf(variables: Readonly<Record<string, string>>) {
    const requests: { path: string | undefined; headers: IncomingHttpHeaders; body: string }[] = [];
    const receiver = createServer(async (message, response) => {
      requests.push({ path: message.url, headers: message.headers, body: await text(message) });
      response.end(message.url === '/' ? '{"SecretString":"key-1"}' : '{"partialSuccess":{}}');
    });
    server = receiver;
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const { port } = receiver.address() as AddressInfo;
    process.env['AWS_ENDPOINT_URL_SECRETS_MANAGER'] = `http://127.0.0.1:${port}`;
    const runtime = functionRuntime({
      ...{ ...env, ...variables, [endpoint]: `http://127.0.0.1:${port}/v1/traces` },
      OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: '10000',
    });
    const handler = runtime.handler(async () => runtime.observer.step('decide', async () => 'done'));
    await expect(handler({}, testContext)).resolves.toBe('done');
    return requests;
  }

  it('sends its spans before the invocation ends', async () => {
    const requests = await requestsOf({});
    const sent = JSON.parse(requests.at(-1)?.body ?? '');
    expect(sent.resourceSpans[0].scopeSpans[0].spans).toMatchObject([{}, { name: 'decide' }]);
    expect(sent.resourceSpans[0].resource.attributes).toContainEqual({
      key: 'service.name',
      value: { stringValue: 'api' },
    });
  });

  it('reads the secret of a header once, and signs', async () => {
    const requests = await requestsOf({
      ...{ OTLP_HEADER_NAME: 'X-Api-Key', OTLP_HEADER_SECRET_ARN: secretArn, OTLP_SIGNING: 'sigv4' },
      ...credentials,
    });
    expect(requests.map(({ path, headers }) => [path, headers['x-api-key']])).toEqual([
      ['/', undefined],
      ['/v1/traces', 'key-1'],
      ['/v1/traces', 'key-1'],
    ]);
    expect(JSON.parse(requests[0]?.body ?? '')).toEqual({ SecretId: secretArn });
    expect(requests[2]?.headers.authorization).toMatch(/eu-central-1\/xray\/.+x-api-key/);
  });

  it('counts the spans that are lost in the telemetry of the same invocation', async () => {
    const lines = written();
    const runtime = functionRuntime(env);
    jest.spyOn(runtime.logger, 'warn').mockReturnValue();
    await runtime.handler(async () => runtime.observer.step('decide', async () => 'done'))({}, testContext);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ service: 'api', SpansDropped: 2 }]);
  });

  it('works without traces if its variables are wrong, and says why', async () => {
    const runtime = functionRuntime({ ...env, [endpoint]: 'x' });
    const warn = jest.spyOn(runtime.logger, 'warn').mockReturnValue();
    await expect(runtime.handler(async () => 'done')({}, testContext)).resolves.toBe('done');
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('Traces are off'), expect.anything());
  });
});
