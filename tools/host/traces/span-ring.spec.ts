import { describe, expect, it } from '@jest/globals';
import { MalformedBody } from './otlp-spans.ts';
import { commitKey, correlationKey, SpanRing, traceKey } from './span-ring.ts';
import { bodyWith, link, span, spanNumbers, traceIdOf } from './spans.fixture.ts';

const uuid = '5b0b1dd5-6f5c-4d4a-9a52-3f0d6c1c7f11';
const oneSpan = (id: number) => bodyWith(span(id, id, { name: 'a' }));

describe('the ring of spans', () => {
  it('keeps the newest spans, those of one request together', () => {
    const ring = new SpanRing({ spans: 3, bytes: 1_000_000 });
    ring.add(bodyWith(span(1, 1), span(2, 2)));
    ring.add(oneSpan(3));
    expect(spanNumbers(ring.payloads())).toEqual([1, 2, 3]);
    ring.add(oneSpan(4));
    expect(spanNumbers(ring.payloads())).toEqual([3, 4]);
    expect(ring.spanCount).toBe(2);
  });

  it('keeps no more bytes than its limit, whatever the number of spans', () => {
    const probe = new SpanRing();
    probe.add(oneSpan(1));
    const bytes = probe.sizeBytes * 10;
    const ring = new SpanRing({ spans: 20_000, bytes });
    for (let id = 1; id <= 100; id += 1) {
      ring.add(oneSpan(id));
      expect(ring.sizeBytes).toBeLessThanOrEqual(bytes);
    }
    expect(spanNumbers(ring.payloads())).toEqual([91, 92, 93, 94, 95, 96, 97, 98, 99, 100]);
  });

  it('forgets what finds a span with the span', () => {
    const ring = new SpanRing({ spans: 1, bytes: 1_000_000 });
    ring.add(bodyWith(span(1, 1, { correlation: uuid, commits: ['ledger/a@1'], links: [link(9, 9)] })));
    ring.add(oneSpan(2));
    const gone = [
      correlationKey(uuid),
      commitKey('ledger/a@1'),
      traceKey(traceIdOf(1)),
      traceKey(traceIdOf(9)),
    ];
    expect(ring.payloads(gone)).toEqual([]);
    expect(spanNumbers(ring.payloads([traceKey(traceIdOf(2))]))).toEqual([2]);
    expect(ring.keyCount).toBe(1);
  });

  it('counts what finds spans too: many commits take memory as well', () => {
    const ring = new SpanRing();
    const commits = Array.from({ length: 1_000 }, (_, version) => `ledger/a@${version}`);
    const body = bodyWith(span(1, 1, { commits }));
    ring.add(body);
    expect(ring.sizeBytes).toBeGreaterThan(body.length + 1_000 * 500);
  });

  it('refuses a request that it could never keep, and keeps what it has', () => {
    const ring = new SpanRing({ spans: 2, bytes: 1_000_000 });
    ring.add(oneSpan(1));
    expect(ring.add(bodyWith(span(2, 2), span(2, 3), span(2, 4)))).toBe(3);
    expect(spanNumbers(ring.payloads())).toEqual([1]);
    const small = new SpanRing({ spans: 2, bytes: 600 });
    expect(small.add(oneSpan(1))).toBe(1);
    expect(small.spanCount).toBe(0);
  });

  it('ignores a request without spans', () => {
    const ring = new SpanRing();
    for (const body of ['{}', '{"resourceSpans":[]}', '{"resourceSpans":[{"scopeSpans":[{"spans":[]}]}]}'])
      expect(ring.add(Buffer.from(body))).toBe(0);
    expect([ring.spanCount, ring.sizeBytes]).toEqual([0, 0]);
  });

  it('writes nothing of a request with one bad span', () => {
    const ring = new SpanRing();
    ring.add(oneSpan(1));
    expect(() => ring.add(bodyWith(span(2, 2), { ...span(2, 3), traceId: '0' }))).toThrow(MalformedBody);
    expect(spanNumbers(ring.payloads())).toEqual([1]);
  });
});
