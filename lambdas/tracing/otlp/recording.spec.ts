import { expect, it } from '@jest/globals';
import { SpanKind } from '@opentelemetry/api';
import { invocationClock } from './invocation-clock.ts';
import { createTracer } from './provider.ts';
import { testEffects } from './recorded-otlp.fixture.ts';
import { Recording } from './recording.ts';
import { TraceSampling } from './sampling.ts';

it('gives its spans away when it is closed, because connections keep it', () => {
  const recording = new Recording(createTracer({}), invocationClock(testEffects().effects));
  const root = recording.root({ name: 'POST', kind: SpanKind.SERVER }, new TraceSampling(true, 'by-ratio'));
  recording.child({ name: 'hydrate', kind: SpanKind.INTERNAL }, root);
  expect(recording.close()).toHaveLength(2);
  expect(recording.close()).toEqual([]);
});
