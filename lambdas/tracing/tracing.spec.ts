import { expect, it } from '@jest/globals';
import { lazyTracing } from './lazy-tracing.ts';
import { createTracer } from './otlp/provider.ts';
import { recordedOtlp } from './otlp/recorded-otlp.fixture.ts';
import { describeTracingContract } from './tracing.contract.ts';
import { noTracing } from './tracing.ts';

const broken = () => {
  throw new Error('broken');
};
const exporter = { open: () => undefined, send: async () => 0 };

describeTracingContract('none', { create: () => noTracing, traced: false });
describeTracingContract('a lazy one', {
  create: () => lazyTracing(Promise.resolve(recordedOtlp().tracing), broken),
  traced: true,
});
describeTracingContract('a lazy one that cannot be loaded', {
  create: () => lazyTracing(Promise.reject(new Error('no')), () => undefined),
  traced: false,
});
describeTracingContract('a lazy one that cannot be loaded, and cannot say so', {
  create: () => lazyTracing(Promise.reject(new Error('no')), broken),
  traced: false,
});
describeTracingContract('OTLP', { create: () => recordedOtlp().tracing, traced: true });
describeTracingContract('OTLP without sampled traces', {
  create: () => recordedOtlp({ ratio: 0 }).tracing,
  traced: true,
});
describeTracingContract('OTLP with an exporter that fails', {
  create: () =>
    recordedOtlp({ exporter: { ...exporter, send: () => Promise.reject(new Error('broken')) } }).tracing,
  traced: true,
});
describeTracingContract('OTLP with an exporter that throws', {
  create: () => recordedOtlp({ exporter: { open: broken, send: broken } }).tracing,
  traced: false,
});
describeTracingContract('OTLP with a tracer that throws', {
  create: () => recordedOtlp({ tracer: { ...createTracer({}), startSpan: broken } as never }).tracing,
  traced: false,
});
describeTracingContract('OTLP with a count that throws', {
  create: () => recordedOtlp({ exporter: { ...exporter, send: async () => 1 }, onDropped: broken }).tracing,
  traced: true,
});

it('a lazy one says why it cannot be loaded, once', async () => {
  const failures: unknown[] = [];
  const tracing = lazyTracing(Promise.reject(new Error('no')), (error) => failures.push(error));
  await tracing.invocation({ name: 'x', kind: 'internal', attributes: {} }, async () => undefined);
  await tracing.invocation({ name: 'x', kind: 'internal', attributes: {} }, async () => undefined);
  expect(failures).toEqual([new Error('no')]);
});
