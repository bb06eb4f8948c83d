import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { appendForged } from '../support/forged-commit.ts';
import { expectTree, foundSpans, newTrace, untilSpan } from '../support/host-traces.ts';
import { httpClient } from '../support/http-client.ts';
import { InsideHost, type Item } from '../support/inside-host.ts';
import type { Span } from '../support/spans.ts';
import { stores } from '../support/stored-bytes.ts';
import { startTestHost, type TestHost } from '../support/test-host.ts';
import { until } from '../support/until.ts';

const isProjection = ({ name }: Span) => name === 'project ledger';

describe('the trace of a batch', () => {
  let host: TestHost;
  let inside: InsideHost;
  beforeAll(async () => {
    host = await startTestHost();
    inside = new InsideHost(host);
  }, 60_000);
  afterAll(() => host?.stop());

  const call = httpClient(() => host.httpUrl);
  const untilProjected = (id: string, version: number) =>
    until(
      () => call('GET', `/ledger/${id}`),
      ({ body }) => Number(body['version']) >= version,
    );
  /** A credit whose trace has its projection. */
  const projectedCredit = async () => {
    const id = randomUUID();
    const { traceId, traceparent } = newTrace();
    await call('POST', `/ledger/${id}/credits`, { amount: 1 }, { traceparent });
    return { id, traceId, first: await untilSpan(host, { trace: traceId }, isProjection) };
  };
  /** The published form of the commits of these accounts, as the event stream has it. */
  const publishedCommits = async (ids: readonly string[]) => {
    const found: string[] = [];
    for await (const { bytes } of stores['event streams']?.(host.awsUrl) ?? []) {
      const text = bytes.toString('utf8');
      const json = text.slice(text.indexOf('{"category"'));
      if (ids.some((id) => json.includes(id))) found.push(json);
    }
    return found;
  };
  const deliver = (commits: readonly string[]) =>
    inside.invoke('ledger-projector', {
      Records: commits.map((json, index) => ({
        eventSource: 'aws:kinesis',
        eventSourceARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/again',
        eventID: `shardId-000000000000:${index}`,
        kinesis: {
          sequenceNumber: String(index),
          partitionKey: 'again',
          data: Buffer.from(json).toString('base64'),
          approximateArrivalTimestamp: 1_795_000_000,
        },
      })),
    });

  it('that is delivered again shows a second projection in each trace, which writes nothing', async () => {
    const credits = [await projectedCredit(), await projectedCredit()];
    const accounts = () =>
      Promise.all(credits.map(async ({ id }) => (await call('GET', `/ledger/${id}`)).body));
    const before = await accounts();
    const commits = await publishedCommits(credits.map(({ id }) => id));
    expect(commits).toHaveLength(2);
    expect(await deliver(commits)).toEqual({ batchItemFailures: [] });

    const batches = new Set<string>();
    for (const { traceId, first } of credits) {
      const isSecond = (span: Span) => isProjection(span) && span.spanId !== first.spanId;
      const second = await untilSpan(host, { trace: traceId }, isSecond);
      expect(second).toMatchObject({ parentSpanId: first.parentSpanId, isError: false, events: [] });
      const all = await expectTree(host, second, ['project ledger (ledger-projector, consumer)']);
      const again = all.find(({ name }) => name === 'process again') as Span;
      expect(second.links).toEqual([{ traceId: again.traceId, spanId: again.spanId }]);
      // The batch is linked with both causes.
      expect(again.links).toHaveLength(2);
      expect(again.links).toContainEqual({ traceId, spanId: first.parentSpanId });
      batches.add(again.traceId);
    }
    expect(batches.size).toBe(1);
    expect(await accounts()).toEqual(before);
  });

  it.each([
    ['no context, as of a caller that sent none', undefined],
    ['a context that the release before took for valid', `ff-${'a'.repeat(32)}-${'b'.repeat(16)}-01`],
  ])('has the steps of a commit with %s', async (_, traceparent) => {
    const { id } = await projectedCredit();
    const stream = `ledger/${id}`;
    const event = { type: 'Ledger:Credited', schemaVersion: 1, data: { amount: 100 } };
    await appendForged(inside, stream, event, ({ traceparent: _last, ...commit }) => ({
      ...(commit as Item),
      ...(traceparent !== undefined && { traceparent: { S: traceparent } }),
    }));
    await untilProjected(id, 3);
    expect((await call('GET', `/ledger/${id}`)).body).toMatchObject({ version: 3, balance: '2.00' });
    const commit = `${stream}@3`;
    const published = await untilSpan(host, { commit }, ({ name }) => name === 'publish event-stream');
    const all = await foundSpans(host, { commit });
    const batch = all.find(({ spanId }) => spanId === published.parentSpanId);
    expect(batch).toMatchObject({ service: 'publisher', kind: 'consumer', links: [] });
    const projected = await untilSpan(host, { commit }, isProjection);
    // The message has the context of its publication.
    expect(projected).toMatchObject({ traceId: published.traceId, parentSpanId: published.spanId });
    expect(projected.traceId).not.toBe('a'.repeat(32));
  });
});
