import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { creditTree } from '../support/credit-trace.ts';
import { describeUnless } from '../support/describe-unless.ts';
import { newTrace } from '../support/host-traces.ts';
import { httpClient } from '../support/http-client.ts';
import { treeOf } from '../support/spans.ts';
import { startTestHost, type TestHost } from '../support/test-host.ts';
import { until } from '../support/until.ts';
import { type Jaeger, startJaeger } from './jaeger.ts';
import { jaegerProgram, whyNoJaeger } from './program.ts';

const buildDeadlineMs = 40 * 60_000;
/** An instance that has missed an export while functions started sends nothing for half a minute. */
const completeTraceMs = 120_000;

describeUnless(whyNoJaeger(), 'A trace in Jaeger', () => {
  let jaeger: Jaeger;
  let host: TestHost;
  beforeAll(async () => {
    jaeger = await startJaeger(await jaegerProgram(console.error));
    host = await startTestHost({ otlpUrl: jaeger.otlpUrl });
    // The first request of an instance also reads the key of cursors.
    await call('GET', '/ledger');
  }, buildDeadlineMs);
  afterAll(async () => {
    await host?.stop();
    await jaeger?.stop();
  });

  const call = httpClient(() => host.httpUrl);
  /** Credits a new account, and returns the tree of its trace when it is complete, or what there is of it after a few seconds. */
  const creditedTree = async () => {
    const { traceId, spanId, traceparent } = newTrace();
    const credit = await call('POST', `/ledger/${randomUUID()}/credits`, { amount: 34 }, { traceparent });
    expect(credit.status).toBe(201);
    let spans: Awaited<ReturnType<Jaeger['trace']>> = [];
    const look = async () => {
      spans = await jaeger.trace(traceId);
      return spans;
    };
    await until(look, ({ length }) => length >= creditTree.length, 5_000).catch(() => undefined);
    return { tree: treeOf(spans), spans, callersSpanId: spanId };
  };

  it(
    'leads from the request to both read models, as in the receiver of the host',
    async () => {
      const { tree, spans, callersSpanId } = await until(
        creditedTree,
        (found) => found.tree.length >= creditTree.length,
        completeTraceMs,
      );
      expect(tree).toEqual(creditTree);
      const named = (name: string) => spans.find((span) => span.name === name);
      expect(named('POST /ledger/{id}/credits')).toMatchObject({
        parentSpanId: callersSpanId,
        attributes: { 'http.route': '/ledger/{id}/credits', 'http.response.status_code': 201 },
      });
      // Each step of a batch refers to the span of its batch.
      for (const name of ['publish event-stream', 'publish todo', 'project ledger', 'project todo-ledger'])
        expect(named(name)?.links).toHaveLength(1);
    },
    2 * completeTraceMs,
  );
});
