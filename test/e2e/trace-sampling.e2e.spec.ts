import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { tracingVariables } from '../../schema/tracing.ts';
import { appWithVariables } from '../support/app-with-variables.ts';
import { commitsOf } from '../support/forged-commit.ts';
import { foundSpans, newTrace, untilSpan } from '../support/host-traces.ts';
import { httpClient } from '../support/http-client.ts';
import { InsideHost } from '../support/inside-host.ts';
import type { Span } from '../support/spans.ts';
import { startTestHost, type TestHost } from '../support/test-host.ts';

const isServer = ({ kind }: Span) => kind === 'server';
const floodRequests = 100;
/** Of the sampling: callers that are believed. */
const believedPerSecond = 5;

describe('of the requests to a stage that samples none by itself, the traces show', () => {
  let folder: string;
  let host: TestHost;
  let inside: InsideHost;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'streamfold-sampling-'));
    await appWithVariables(folder, { [tracingVariables.ratio]: '0' });
    host = await startTestHost({ assemblyFolder: folder });
    inside = new InsideHost(host);
  }, 120_000);
  afterAll(async () => {
    await host?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const call = httpClient(() => host.httpUrl);
  const credit = (id: string, headers: Readonly<Record<string, string>>) =>
    call('POST', `/ledger/${id}/credits`, { amount: 1 }, headers);

  it('those of a caller who samples, and none of others; commits say which', async () => {
    const [correlation, id] = [randomUUID(), randomUUID()];
    const [unsampled, sampled] = [newTrace('00'), newTrace('01')];
    await credit(randomUUID(), { 'x-correlation-id': correlation });
    await credit(id, { traceparent: unsampled.traceparent });
    await credit(id, { traceparent: sampled.traceparent });
    await untilSpan(host, { trace: sampled.traceId }, ({ name }) => name === 'project ledger');
    await untilSpan(host, { trace: sampled.traceId }, isServer);
    // Their invocations have ended before, in the same functions.
    expect(await foundSpans(host, { correlation })).toEqual([]);
    expect(await foundSpans(host, { trace: unsampled.traceId })).toEqual([]);
    const contexts = (await commitsOf(inside, `ledger/${id}`)).map((commit) => commit['traceparent']?.S);
    expect(contexts).toEqual([
      expect.stringMatching(new RegExp(`^00-${unsampled.traceId}-[\\da-f]{16}-00$`)),
      expect.stringMatching(new RegExp(`^00-${sampled.traceId}-[\\da-f]{16}-01$`)),
    ]);
  });

  it('a request that fails, whatever its caller says', async () => {
    const restore = await inside.deleteTable('LedgerReadModel');
    const { traceId, traceparent } = newTrace('00');
    const failed = await call('GET', '/ledger', undefined, { traceparent });
    await restore();
    expect(failed.status).toBeGreaterThanOrEqual(500);
    const root = await untilSpan(host, { trace: traceId }, isServer);
    expect(root).toMatchObject({
      isError: true,
      attributes: { 'http.response.status_code': failed.status, 'error.type': String(failed.status) },
    });
    const calls = (await foundSpans(host, { trace: traceId })).filter(({ kind }) => kind === 'client');
    expect(calls.map(({ isError }) => isError)).toContain(true);
  });

  it('a few in each second of a flood whose callers all claim to sample', async () => {
    const started = performance.now();
    const traces = Array.from({ length: floodRequests }, () => newTrace('01'));
    for (const { traceparent } of traces) await call('GET', '/ledger', undefined, { traceparent });
    const seconds = Math.ceil((performance.now() - started) / 1_000) + 1;
    const found = await Promise.all(traces.map(({ traceId }) => foundSpans(host, { trace: traceId })));
    const shown = found.filter((spans) => spans.some(isServer)).length;
    expect(shown).toBeGreaterThan(0);
    expect(shown).toBeLessThanOrEqual(believedPerSecond * seconds);
  });
});
