import { describe, expect, it } from '@jest/globals';
import { findTraces } from './find-traces.ts';
import { commitKey, correlationKey, type SpanKey, SpanRing, traceKey } from './span-ring.ts';
import { bodyWith, link, span, spanIdOf, spanNumbers, traceIdOf } from './spans.fixture.ts';

const uuid = '5b0b1dd5-6f5c-4d4a-9a52-3f0d6c1c7f11';
const [internal, producer, consumer] = [1, 4, 5];

/** The traces 1 and 2 of two requests, whose commits one batch (trace 7) published, and trace 3, which nothing connects with them. */
function ringOfTwoRequests(): SpanRing {
  const ring = new SpanRing();
  const child = (id: number) => ({ kind: internal, parentSpanId: spanIdOf(id) });
  ring.add(
    bodyWith(span(1, 10, { correlation: uuid }), span(1, 11, { ...child(10), commits: ['ledger/a@1'] })),
  );
  ring.add(bodyWith(span(2, 20), span(2, 21, { ...child(20), commits: ['ledger/a@2'] })));
  ring.add(bodyWith(span(3, 30)));
  ring.add(
    bodyWith(
      span(7, 70, { kind: consumer, links: [link(1, 11), link(2, 21)] }),
      span(7, 71, { kind: 3, parentSpanId: spanIdOf(70) }),
      span(1, 12, { ...child(11), kind: producer, commits: ['ledger/a@1'], links: [link(7, 70)] }),
      span(2, 22, { ...child(21), kind: producer, commits: ['ledger/a@2'], links: [link(7, 70)] }),
    ),
  );
  return ring;
}

const found = (ring: SpanRing, key: SpanKey) => spanNumbers([{ resourceSpans: findTraces(ring, key) }]);

describe('traces are found', () => {
  it.each([
    ['a correlation id', correlationKey(uuid), [10, 11, 70, 71, 12]],
    ['a correlation id in capitals', correlationKey(uuid.toUpperCase()), [10, 11, 70, 71, 12]],
    ['a trace id', traceKey(traceIdOf(2)), [20, 21, 70, 71, 22]],
    ['the place of a commit', commitKey('ledger/a@2'), [20, 21, 70, 71, 22]],
    ['a trace that no batch handled', traceKey(traceIdOf(3)), [30]],
    ['the trace of a batch, which has no requests', traceKey(traceIdOf(7)), [70, 71]],
  ])('by %s, with the batches that handled them', (_, key, numbers) => {
    expect(found(ringOfTwoRequests(), key)).toEqual(numbers);
  });

  it.each([
    correlationKey('5b0b1dd5'),
    traceKey(traceIdOf(9)),
    commitKey('ledger/a@11'),
    commitKey('ledger/a'),
  ])('only if there are any: %s', (key) => {
    expect(found(ringOfTwoRequests(), key)).toEqual([]);
  });

  it('not by a trace that is only linked with, and whose spans have not come', () => {
    const ring = new SpanRing();
    ring.add(bodyWith(span(7, 70, { kind: consumer, links: [link(1, 11)] })));
    expect(found(ring, traceKey(traceIdOf(1)))).toEqual([]);
  });

  it('with a batch that only links to them, or to which they only link', () => {
    const ring = new SpanRing();
    ring.add(bodyWith(span(1, 10, { links: [link(8, 80)] })));
    ring.add(
      bodyWith(span(7, 70, { kind: consumer, links: [link(1, 10)] }), span(8, 80, { kind: consumer })),
    );
    expect(found(ring, traceKey(traceIdOf(1)))).toEqual([10, 70, 80]);
  });

  it('without other requests that link to them', () => {
    const ring = new SpanRing();
    ring.add(bodyWith(span(1, 10), span(2, 20, { links: [link(1, 10)] })));
    expect(found(ring, traceKey(traceIdOf(1)))).toEqual([10]);
  });

  it('the newest 20, if there are more', () => {
    const ring = new SpanRing();
    for (let trace = 1; trace <= 30; trace += 1)
      ring.add(bodyWith(span(trace, trace, { correlation: uuid })));
    expect(found(ring, correlationKey(uuid))).toEqual(Array.from({ length: 20 }, (_, index) => 11 + index));
  });

  it('whatever the case of their ids', () => {
    const ring = new SpanRing();
    const traceId = 'ABCDEF'.padEnd(32, '0');
    ring.add(bodyWith({ ...span(1, 10), traceId }));
    expect(found(ring, traceKey(traceId.toLowerCase()))).toEqual([10]);
  });

  it('with their resources, and without what remains empty', () => {
    const ring = new SpanRing();
    const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'api' } }] };
    const scopeSpans = (trace: number) => [
      { scope: { name: 's' }, spans: [span(trace, trace)] },
      { spans: [] },
    ];
    const resourceSpans = [
      { resource, scopeSpans: scopeSpans(1) },
      { resource, scopeSpans: scopeSpans(2) },
    ];
    ring.add(Buffer.from(JSON.stringify({ resourceSpans })));
    const [one, ...others] = findTraces(ring, traceKey(traceIdOf(2)));
    expect(one).toEqual({ resource, scopeSpans: [{ scope: { name: 's' }, spans: [span(2, 2)] }] });
    expect(others).toEqual([]);
  });
});
