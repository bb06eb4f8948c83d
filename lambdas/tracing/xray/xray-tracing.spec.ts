import type { Tracer } from '@aws-lambda-powertools/tracer';
import { describe, expect, it } from '@jest/globals';
import { describeTracingContract } from '../tracing.contract.ts';
import type { Invocation } from '../tracing.ts';
import { createXrayTracing } from './create-xray-tracing.ts';
import { FakeSegment, fakeTracer } from './fake-tracer.fixture.ts';
import { XrayTracing } from './xray-tracing.ts';

const broken = () => {
  throw new Error('broken');
};
type Capture = (name: string, run: (segment: FakeSegment) => Promise<void>) => unknown;

/** A tracer whose segments of steps are made by `capture`. */
function capturing(capture: Capture): Tracer {
  const { tracer } = fakeTracer();
  Object.assign(tracer.provider, { captureAsyncFunc: capture });
  return tracer;
}

class BrokenSegment extends FakeSegment {
  override addAnnotation = broken;
  override addMetadata = broken;
  override addAttribute = broken;
  override addError = broken;
  override addFaultFlag = broken;
  override close = broken;
}

const candidate = (tracer: () => Tracer, traced: boolean) => ({
  create: () => new XrayTracing(tracer()),
  traced,
});

describeTracingContract(
  'X-Ray',
  candidate(() => fakeTracer().tracer, true),
);
describeTracingContract(
  'X-Ray without a trace',
  candidate(() => fakeTracer('').tracer, false),
);

describe.each<[string, Capture]>([
  ['throws before a step', broken],
  ['never starts a step', () => undefined],
  ['throws after a step', (_, run) => run(new FakeSegment('sound')).then(broken)],
  ['has a broken segment', (_, run) => run(new BrokenSegment('broken'))],
])('with a tracer that %s', (_name, capture) => {
  it.each(['step', 'stepFor', 'call'] as const)(
    'a %s runs once and passes on its result and its error',
    async (way) => {
      const tracing = new XrayTracing(capturing(capture));
      let runs = 0;
      const run = async (work: () => string) => {
        runs = 0;
        const counted = async () => {
          runs += 1;
          return work();
        };
        if (way === 'step') return tracing.step('project', counted, { stream: 'ledger/a' });
        if (way === 'stepFor') return tracing.stepFor('project', [{}], counted);
        return tracing.call({ service: 'S3', operation: 'GetObject', attributes: {} }, counted, () => ({}));
      };
      const traced = (work: () => string) =>
        tracing.invocation({ name: 'GET', kind: 'server', attributes: {} }, () => run(work));
      await expect(traced(() => 'done')).resolves.toBe('done');
      expect(runs).toBe(1);
      await expect(traced(() => broken())).rejects.toThrow('broken');
      expect(runs).toBe(1);
    },
  );
});

describe('an invocation of X-Ray', () => {
  const invocation: Invocation = { name: 'GET', kind: 'server', attributes: { 'faas.trigger': 'http' } };

  it('is a subsegment, and its steps and calls are inside', async () => {
    const { tracer, facade, noted } = fakeTracer();
    const tracing = new XrayTracing(tracer);
    await tracing.invocation(invocation, async () => {
      tracing.describe({ name: 'GET /ledger/{id}', attributes: { 'http.response.status_code': 200 } });
      await tracing.step(
        'hydrate',
        () =>
          tracing.call(
            { service: 'DynamoDB', operation: 'Query', attributes: { 'aws.dynamodb.table_names': ['log'] } },
            async () => 'answer',
            () => ({ attempts: 2, requestId: 'r1' }),
          ),
        { stream: 'ledger/a' },
      );
    });
    const [handler] = facade.inner;
    expect(handler).toMatchObject({ name: '## GET /ledger/:id', closed: 1 });
    expect(noted).toEqual(['cold start', 'service']);
    expect(handler?.noted).toEqual([
      ['faas_trigger', 'http'],
      ['http_response_status_code', 200],
    ]);
    const [hydrate] = handler?.inner ?? [];
    expect(hydrate).toMatchObject({ name: 'hydrate', closed: 1, noted: [['stream', 'ledger/a']] });
    expect(hydrate?.inner).toMatchObject([
      {
        name: 'DynamoDB.Query',
        noted: [['aws_dynamodb_table_names', ['log']]],
        attributes: { namespace: 'aws', aws: { operation: 'Query', request_id: 'r1', retries: 1 } },
      },
    ]);
    expect(tracer.provider.getSegment()).toBe(facade);
  });

  it('has the ids of X-Ray in W3C form', async () => {
    const tracing = new XrayTracing(fakeTracer().tracer);
    const { ids, traceparent } = await tracing.invocation(invocation, async () => ({
      ids: tracing.ids(),
      traceparent: tracing.traceparent(),
    }));
    expect(ids?.traceId).toBe('5759e988bd862e3fe1be46a994272793');
    expect(traceparent).toBe(`00-${ids?.traceId}-${ids?.spanId}-01`);
  });

  it('traces no work of an invocation that has ended, although another one runs', async () => {
    const { tracer, facade } = fakeTracer();
    const tracing = new XrayTracing(tracer);
    const { promise, resolve } = Promise.withResolvers<void>();
    let late: Promise<unknown> | undefined;
    await tracing.invocation(invocation, async () => {
      late = promise.then(() => tracing.step('append', async () => [tracing.traceparent(), tracing.ids()]));
    });
    await tracing.invocation(invocation, async () => {
      resolve();
      expect(await late).toEqual([undefined, undefined]);
    });
    expect(facade.inner.map(({ inner }) => inner)).toEqual([[], []]);
  });

  it('has the type of an error, and not its message', async () => {
    const { tracer, facade } = fakeTracer();
    const tracing = new XrayTracing(tracer);
    const failing = tracing.invocation(invocation, () =>
      tracing.step('append', async () => {
        throw new RangeError('Anna Muster');
      }),
    );
    await expect(failing).rejects.toThrow('Anna');
    const [handler] = facade.inner;
    for (const segment of [handler, ...(handler?.inner ?? [])]) {
      expect(segment?.noted).toContainEqual(expect.objectContaining({ name: 'RangeError', message: '' }));
      expect(segment?.noted.map((error) => (error as Error).stack).join()).not.toContain('Anna');
    }
  });

  it('is not traced without a daemon', async () => {
    await expect(createXrayTracing({})).resolves.toBeUndefined();
    await expect(createXrayTracing({ AWS_XRAY_DAEMON_ADDRESS: '127.0.0.1:2000' })).resolves.toBeInstanceOf(
      XrayTracing,
    );
  });
});
