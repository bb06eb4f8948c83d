import { loadTracing } from '../../runtime/load-tracing.ts';

const none = () => undefined;

/** Two invocations, traced by the real SDK of X-Ray. `xray-daemon.int.spec.ts` runs this file in the environment of a Lambda. */
const tracing = await loadTracing(process.env, { warn: none, info: none, dropped: none });
for (const digit of ['1', '2']) {
  process.env['_X_AMZN_TRACE_ID'] = `Root=1-5759e988-${digit.repeat(24)};Parent=53995c3f42cd8ad8;Sampled=1`;
  await tracing?.invocation(
    { name: 'POST', kind: 'server', attributes: { 'faas.trigger': 'http' } },
    async () => {
      const hydrate = tracing.step('hydrate', () =>
        tracing.call(
          { service: 'DynamoDB', operation: 'Query', attributes: {} },
          async () => 'answer',
          () => ({ attempts: 2, requestId: 'r1' }),
        ),
      );
      await Promise.all([
        hydrate,
        tracing.step('decide', async () => tracing.event('conflict', { attempt: 1 })),
      ]);
      await tracing.stepFor('project', [{}], async ([step]) => step?.fail('PoisonedError'));
    },
  );
}
