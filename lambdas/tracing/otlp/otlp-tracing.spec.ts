import { describe, expect, it } from '@jest/globals';
import { EventSourcingError, parseTraceparent } from '../../kernel/index.ts';
import type { Invocation } from '../tracing.ts';
import { parentOf, recordedOtlp, testEffects } from './recorded-otlp.fixture.ts';
import { spansMax } from './recording.ts';

const request: Invocation = {
  name: 'POST',
  kind: 'server',
  attributes: { 'faas.trigger': 'http', none: undefined },
};
const batch: Invocation = { name: 'process ledger', kind: 'consumer', attributes: {} };
const contextOf = (digit: string, flags = '01') => `00-${digit.repeat(32)}-${digit.repeat(16)}-${flags}`;

describe('the spans of an invocation', () => {
  it('are a tree of steps and calls, in the trace of the caller', async () => {
    const { tracing, sent } = recordedOtlp();
    await tracing.invocation({ ...request, traceparent: contextOf('a') }, async () => {
      await tracing.step(
        'hydrate',
        () =>
          tracing.call(
            { service: 'DynamoDB', operation: 'Query', attributes: { 'aws.dynamodb.table_names': ['log'] } },
            async () => 'answer',
            () => ({ attempts: 2, requestId: 'r1' }),
          ),
        { stream: 'ledger/a', events: 3 },
      );
      await tracing.step('append', async () => tracing.event('conflict', { attempt: 1 }), {
        commits: ['ledger/a@4'],
      });
      tracing.describe({ name: 'POST /ledger/{id}', attributes: { 'http.response.status_code': 201 } });
    });
    const all = sent();
    expect(all.map((span) => [span.name, span.kind, parentOf(span, all)])).toEqual([
      ['POST /ledger/{id}', 2, undefined],
      ['hydrate', 1, 'POST /ledger/{id}'],
      ['DynamoDB.Query', 3, 'hydrate'],
      ['append', 1, 'POST /ledger/{id}'],
    ]);
    expect(new Set(all.map(({ traceId }) => traceId))).toEqual(new Set(['a'.repeat(32)]));
    expect(all[0]).toMatchObject({
      parentSpanId: 'a'.repeat(16),
      attributes: { 'faas.trigger': 'http', 'http.response.status_code': 201 },
      ...{ sampled: true, failed: false },
    });
    expect(all.map(({ attributes }) => attributes).slice(1)).toEqual([
      { 'streamfold.stream': 'ledger/a', 'streamfold.events': 3 },
      { 'aws.dynamodb.table_names': ['log'], 'streamfold.attempts': 2, 'aws.request_id': 'r1' },
      { 'streamfold.commits': ['ledger/a@4'] },
    ]);
    expect(all[3]?.events).toEqual([{ name: 'conflict', attributes: { attempt: 1 } }]);
  });

  it('lie inside their parents, whatever the clock does', async () => {
    const { tracing, sent } = recordedOtlp({ effects: testEffects({ tickMs: 0.0007 }).effects });
    await tracing.invocation(request, () =>
      tracing.step('hydrate', () =>
        tracing.step('decide', () => tracing.step('append', async () => undefined)),
      ),
    );
    const all = sent();
    expect(all).toHaveLength(4);
    for (const span of all) {
      expect(span.end).toBeGreaterThanOrEqual(span.start);
      const parent = all.find(({ spanId }) => spanId === span.parentSpanId) ?? span;
      expect(span.start).toBeGreaterThanOrEqual(parent.start);
      expect(span.end).toBeLessThanOrEqual(parent.end);
    }
  });

  it('are ended with the invocation if their work goes on', async () => {
    const { tracing, sent } = recordedOtlp();
    await tracing.invocation(request, async () => {
      void tracing.step('append', () => new Promise(() => undefined));
    });
    const [root, append] = sent();
    expect(append).toMatchObject({ name: 'append', parentSpanId: root?.spanId });
    expect(append?.end).toBeLessThanOrEqual(root?.end ?? 0n);
  });

  it('of two invocations are apart, although the first one still works', async () => {
    const { tracing, batches } = recordedOtlp();
    const { promise, resolve } = Promise.withResolvers<void>();
    let late: Promise<void> | undefined;
    await tracing.invocation(request, async () => {
      late = promise.then(() => tracing.step('append', async () => undefined));
    });
    await tracing.invocation(request, async () => {
      resolve();
      await late;
    });
    expect(batches.map((spans) => spans.map(({ name }) => name))).toEqual([['POST'], ['POST']]);
    expect(batches[0]?.[0]?.traceId).not.toBe(batches[1]?.[0]?.traceId);
  });

  it('are bounded, and the others are counted', async () => {
    const { tracing, sent, dropped } = recordedOtlp();
    let runs = 0;
    await tracing.invocation(request, async () => {
      for (let step = 0; step < spansMax + 9; step += 1) {
        await tracing.step('decide', async () => {
          runs += 1;
        });
      }
      await tracing.stepFor('project', [{ traceparent: contextOf('b') }], async ([step]) => step?.fail('x'));
    });
    expect(runs).toBe(spansMax + 9);
    expect(sent()).toHaveLength(spansMax);
    expect(dropped).toEqual([11]);
  });

  it('have the type of an error, and not its message', async () => {
    const { tracing, sent } = recordedOtlp();
    const failing = tracing.invocation(request, () =>
      tracing.step('append', async () => {
        throw Object.assign(new RangeError('Anna Muster'), { code: 'contention' });
      }),
    );
    await expect(failing).rejects.toThrow('Anna');
    expect(sent()).toMatchObject([
      { failed: true, attributes: { 'error.type': 'contention' } },
      { failed: true, attributes: { 'error.type': 'contention' } },
    ]);
    expect(JSON.stringify(sent(), (_key, value) => (typeof value === 'bigint' ? '' : value))).not.toContain(
      'Anna',
    );
  });
});

it.each([
  ['commit-too-large', false],
  ['log-changed', true],
] as const)('a step that throws %s has its code; failed: %s', async (code, failed) => {
  const { tracing, sent } = recordedOtlp();
  await tracing.invocation(request, () =>
    tracing
      .step('append', () => Promise.reject(new EventSourcingError(code, 'ledger/a', 'x')))
      .catch(() => 413),
  );
  expect(sent()[1]).toMatchObject({ name: 'append', failed, attributes: { 'error.type': code } });
});

describe('a step for causes', () => {
  it('of one trace is in that trace, and what is inside too', async () => {
    const { tracing, sent } = recordedOtlp();
    const causes = [
      { traceparent: contextOf('a'), details: { commits: ['ledger/1@1'], consumer: 'ledger', events: 1 } },
      {
        traceparent: `00-${'a'.repeat(32)}-${'e'.repeat(16)}-01`,
        details: { commits: ['ledger/1@2'], consumer: 'ledger', events: 2 },
      },
    ];
    await tracing.invocation(batch, () =>
      tracing.stepFor('project', causes, async () => tracing.step('append', async () => undefined)),
    );
    const all = sent();
    const [root, project, append] = all;
    expect(root).toMatchObject({ name: 'process ledger', kind: 5, links: ['a'.repeat(16), 'e'.repeat(16)] });
    expect(project).toMatchObject({
      ...{ name: 'project ledger', kind: 5, traceId: 'a'.repeat(32), parentSpanId: 'a'.repeat(16) },
      links: [root?.spanId, 'e'.repeat(16)],
      attributes: {
        ...{ 'streamfold.commits': ['ledger/1@1', 'ledger/1@2'], 'streamfold.events': 3 },
        'streamfold.consumer': 'ledger',
      },
    });
    expect(append).toMatchObject({ traceId: 'a'.repeat(32), parentSpanId: project?.spanId });
    expect(root?.traceId).not.toBe('a'.repeat(32));
  });

  it('of several traces is in each of them, and what is inside is in the batch', async () => {
    const { tracing, sent } = recordedOtlp();
    const causes = ['a', 'b', 'a'].map((digit) => ({
      traceparent: contextOf(digit),
      details: { destination: 'events' },
    }));
    const contexts = await tracing.invocation(batch, () =>
      tracing.stepFor('publish', causes, async (steps) => {
        steps[1]?.event('deferred');
        steps[1]?.fail('OutageError');
        await tracing.step('append', async () => undefined);
        return steps.map(({ traceparent }) => parseTraceparent(traceparent));
      }),
    );
    const [root, first, second, inside, ...more] = sent();
    expect(more).toEqual([]);
    expect(first).toMatchObject({ name: 'publish events', kind: 4, traceId: 'a'.repeat(32), failed: false });
    expect(first?.attributes).toMatchObject({ 'messaging.destination.name': 'events' });
    expect(second).toMatchObject({ traceId: 'b'.repeat(32), failed: true, events: [{ name: 'deferred' }] });
    expect(inside).toMatchObject({ traceId: root?.traceId, parentSpanId: root?.spanId });
    expect(contexts.map((context) => context?.spanId)).toEqual([
      first?.spanId,
      second?.spanId,
      first?.spanId,
    ]);
    expect(contexts.map((context) => context?.traceId[0])).toEqual(['a', 'b', 'a']);
  });

  it.each([
    ['no causes', []],
    ['causes without a context', [{}, { traceparent: 'malformed' }]],
  ])('with %s is in the batch, and what is inside is in the step', async (_name, causes) => {
    const { tracing, sent } = recordedOtlp();
    await tracing.invocation(batch, () =>
      tracing.stepFor('project', causes, () => tracing.step('append', async () => undefined)),
    );
    const all = sent();
    expect(all.map((span) => [span.name, parentOf(span, all)])).toEqual([
      ['process ledger', undefined],
      ['project', 'process ledger'],
      ['append', 'project'],
    ]);
  });

  it('links a batch to at most 128 causes, each once', async () => {
    const { tracing, sent } = recordedOtlp();
    const causes = Array.from({ length: 300 }, (_, index) => ({
      traceparent: `00-${'a'.repeat(32)}-${String(1 + (index % 150)).padStart(16, '0')}-01`,
    }));
    await tracing.invocation(batch, () => tracing.stepFor('project', causes, async () => undefined));
    const [root, project] = sent();
    expect(root?.links).toEqual(causes.slice(0, 128).map(({ traceparent }) => traceparent.split('-')[2]));
    expect(project?.links).toHaveLength(128);
    expect(project?.links[0]).toBe(root?.spanId);
  });
});
