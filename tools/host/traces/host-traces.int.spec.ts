import { afterEach, describe, expect, it } from '@jest/globals';
import { writeApp } from '../../../test/support/app-fixture.ts';
import type { CallInterceptor } from '../call-interceptor.ts';
import { type HostOptions, startHost } from '../host.ts';
import { hostAt } from '../other-hosts.ts';
import { span, spanNumbers, traceIdOf } from './spans.fixture.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const payload = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span(1, 1)] }] }] });
/** Sends a span, as the adapter does, and answers its variables and the status. */
const source = `exports.handler = async () => {
  const { TRACING: adapter, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint } = process.env;
  const headers = { 'content-type': 'application/json' };
  const sent = endpoint && (await fetch(endpoint, { method: 'POST', headers, body: ${JSON.stringify(payload)} }));
  return { adapter, endpoint, status: sent?.status };
};`;

/** A host with a function that sends a span, and its answer. */
async function hostWithFunction(options: Partial<HostOptions>, Variables: object = {}) {
  const app = writeApp({ sender: { source, properties: { Environment: { Variables } } } });
  cleanups.push(() => app.remove());
  const calls: string[] = [];
  const interceptCalls: CallInterceptor = () => async (request) => void calls.push(String(request.url));
  const ports = { httpPort: 0, awsPort: 0 };
  const host = await startHost({ ...ports, assemblyFolder: app.folder, interceptCalls, ...options });
  cleanups.push(() => host.stop());
  const url = `${host.awsUrl}/2015-03-31/functions/sender/invocations`;
  const answer = await (await fetch(url, { method: 'POST' })).json();
  return { host, answer, calls };
}

describe('a host', () => {
  it('receives the spans of its functions, which no interceptor of their calls sees', async () => {
    const { host, answer, calls } = await hostWithFunction({}, { TRACING: 'off' });
    const endpoint = expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/v1\/traces$/);
    expect(answer).toEqual({ adapter: 'otlp', endpoint, status: 200 });
    expect(spanNumbers([host.receivedSpans()])).toEqual([1]);
    const found = await fetch(`${host.tracesUrl}/traces?trace=${traceIdOf(1)}`);
    expect(await found.json()).toEqual(host.receivedSpans());
    expect(calls).toEqual([]);
    const { tracesPort } = hostAt(Number(new URL(host.httpUrl).port)) ?? {};
    expect(`http://localhost:${tracesPort}`).toBe(host.tracesUrl);
    await host.stop();
    expect(spanNumbers([host.receivedSpans()])).toEqual([1]);
    await expect(fetch(`${host.tracesUrl}/traces`)).rejects.toThrow();
  });

  it('leaves a function alone whose template names a receiver', async () => {
    const own = await hostWithFunction({});
    const endpoint = `${own.host.tracesUrl}/v1/traces`;
    const { host, answer } = await hostWithFunction({}, { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint });
    expect(answer).toEqual({ endpoint, status: 200 });
    expect(host.receivedSpans()).toEqual({ resourceSpans: [] });
    expect(spanNumbers([own.host.receivedSpans()])).toEqual([1, 1]);
  });

  it('has no receiver without traces, or with another receiver', async () => {
    const off = await hostWithFunction({ traces: false });
    expect([off.answer, off.host.tracesUrl]).toEqual([{}, undefined]);
    const own = await hostWithFunction({});
    const to = await hostWithFunction({ otlpUrl: own.host.tracesUrl ?? '' });
    expect(to.answer).toMatchObject({
      adapter: 'otlp',
      endpoint: `${own.host.tracesUrl}/v1/traces`,
      status: 200,
    });
    expect(to.host.tracesUrl).toBeUndefined();
    expect(hostAt(Number(new URL(to.host.httpUrl).port))).toMatchObject({ otlpUrl: own.host.tracesUrl });
    expect(spanNumbers([own.host.receivedSpans()])).toEqual([1, 1]);
  });
});
