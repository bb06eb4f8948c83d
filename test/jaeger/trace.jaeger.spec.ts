import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeUnless } from '../support/describe-unless.ts';
import { treeOf } from '../support/spans.ts';
import { until } from '../support/until.ts';
import { type Jaeger, startJaeger } from './jaeger.ts';
import { jaegerProgram, whyNoJaeger } from './program.ts';

const buildDeadlineMs = 40 * 60_000;

describeUnless(whyNoJaeger(), 'A trace in Jaeger', () => {
  let jaeger: Jaeger;
  beforeAll(async () => {
    jaeger = await startJaeger(await jaegerProgram(console.error));
  }, buildDeadlineMs);
  afterAll(() => jaeger?.stop());

  it('arrives as OTLP/JSON', async () => {
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const startNs = BigInt(Date.now()) * 1_000_000n;
    const span = { traceId, startTimeUnixNano: String(startNs), endTimeUnixNano: String(startNs + 1_000n) };
    const spans = [
      { ...span, spanId: '00f067aa0ba902b7', name: 'POST /ledger/{id}/credits', kind: 2 },
      { ...span, spanId: '00f067aa0ba902b8', parentSpanId: '00f067aa0ba902b7', name: 'hydrate', kind: 1 },
    ];
    const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'api' } }] };
    const sent = await fetch(`${jaeger.otlpUrl}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans }] }] }),
    });
    expect(sent.status).toBe(200);
    const stored = await until(
      () => jaeger.trace(traceId),
      ({ length }) => length === spans.length,
    );
    expect(treeOf(stored)).toEqual(['POST /ledger/{id}/credits (api, server)', '  hydrate (api, internal)']);
  });
});
