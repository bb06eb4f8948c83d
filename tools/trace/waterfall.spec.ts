import { describe, expect, it } from '@jest/globals';
import { painted, plain } from '../host/terminal-text.ts';
import { sketchedSpan, spanId, traceA, traceB, zeroMs } from './span.fixture.ts';
import type { Span } from './span.ts';
import { tracesOf } from './traces.ts';
import { waterfall } from './waterfall.ts';

const span = sketchedSpan;

const lines = (spans: readonly Span[], columns?: number) =>
  tracesOf(spans).flatMap((trace) => waterfall(trace, { paint: plain, columns }));
/** Without the two lines above the spans. */
const body = (...spans: Span[]) => lines(spans).slice(2);

const commits = { 'streamfold.commits': ['ledger/a@1'] };
const link = (traceId: string, id: number) => ({ traceId, spanId: spanId(id) });

const request = [
  span({
    ...{ id: 1, parent: 9, at: [0, 40], kind: 'server', name: 'POST /ledger/{id}/credits' },
    attributes: { 'http.response.status_code': 201, 'faas.coldstart': true },
    events: [{ name: 'conflict', atMs: zeroMs + 12, attributes: { 'streamfold.version': 12 } }],
  }),
  span({ id: 2, parent: 1, at: [1, 5], name: 'hydrate', attributes: { 'streamfold.stream': 'ledger/a' } }),
  span({ id: 3, parent: 1, at: [20, 39], name: 'append', attributes: commits }),
  span({
    ...{ id: 4, parent: 3, at: [21, 38], kind: 'client', name: 'DynamoDB.TransactWriteItems' },
    attributes: {
      'streamfold.attempts': 2,
      'aws.dynamodb.table_names': ['streamfold-local-EventLogTable9CC67CCE', 'Keys'],
    },
  }),
];
const publish = [
  span({
    ...{ id: 5, parent: 3, at: [50, 70], kind: 'producer', name: 'publish events', service: 'publisher' },
    ...{ attributes: commits, links: [link(traceB, 6)] },
  }),
  span({
    ...{ traceId: traceB, id: 6, at: [48, 80], kind: 'consumer', name: 'process log', service: 'publisher' },
    ...{ attributes: { 'messaging.batch.message_count': 4 }, links: [link(traceA, 3)] },
  }),
  span({
    ...{ traceId: traceB, id: 7, parent: 6, at: [51, 69], kind: 'client', name: 'Kinesis.PutRecords' },
    ...{ service: 'publisher', isError: true, attributes: { 'error.type': 'Throttled' } },
  }),
];

describe('the waterfall of a trace', () => {
  it('has the steps of the request, then the batch that it was part of', () => {
    expect(lines([...publish, ...request].reverse())).toEqual([
      `Trace ${traceA}, 5 spans of 2 functions, 70.0 ms, from 2026-11-26T12:00:00.000Z`,
      '    at ms  took ms',
      `  Under span ${spanId(9)}, which is not recorded here (the caller's, or dropped):`,
      '      0.0     40.0  ━━━━━━━━━━━━                api: POST /ledger/{id}/credits  201, cold start',
      '      1.0      4.0  ━━                            hydrate  ledger/a',
      '     12.0                                         * conflict version=12',
      '     20.0     19.0        ━━━━━━                  append  ledger/a@1',
      '     21.0     17.0        ━━━━━                     DynamoDB.TransactWriteItems  EventLogTable Keys, 2 attempts',
      '     50.0     20.0                 ━━━━━━           publisher: publish events  ledger/a@1',
      '',
      `In the batch of publisher, with 3 other commits (trace ${traceB}):`,
      '     48.0     32.0                ━━━━━━━━━━  publisher: process log  4 messages',
      '     51.0     18.0                 ━━━━━━       Kinesis.PutRecords  ERROR Throttled',
    ]);
  });

  it('does not break on a clock that is off, and on spans without an end', () => {
    expect(
      body(
        span({ id: 1, at: [0, 20] }),
        span({ id: 2, parent: 1, at: [-4, 2] }),
        span({ id: 3, parent: 1, at: [10, 8] }),
        span({ id: 4, parent: 1, at: [12] }),
      ),
    ).toEqual([
      '      4.0     20.0      ━━━━━━━━━━━━━━━━━━━━  api: step 1',
      '      0.0      6.0  ━━━━━━                      step 2',
      '     14.0     -2.0                ━             step 3',
      '     16.0     open                  ━           step 4',
    ]);
  });

  it('marks failures, the step and the event that say why', () => {
    const event = {
      name: 'parked',
      atMs: zeroMs,
      attributes: { reason: 'UnknownEvent', stream: 'ledger/a' },
    };
    const failed = span({ id: 1, isError: true, at: [0, 0], events: [event] });
    expect(body(failed).map((each) => each.trim().replace(/ +/g, ' '))).toEqual([
      '0.0 0.0 ━ api: step 1 ERROR',
      '0.0 * parked reason=UnknownEvent stream=ledger/a',
    ]);
  });

  it('does not say a status twice', () => {
    const attributes = {
      ...{ 'http.response.status_code': 500, 'error.type': '500', 'streamfold.problem': 'internal-error' },
    };
    const [failed] = body(span({ id: 1, name: 'GET /ledger/{id}', isError: true, attributes }));
    expect(failed).toMatch(/api: GET \/ledger\/\{id\} {2}ERROR 500 {2}internal-error$/);
  });

  it('shows many equal siblings as one line, but not those that failed among them', () => {
    const many = Array.from({ length: 300 }, (_, index) =>
      span({
        id: index + 2,
        parent: 1,
        name: 'DynamoDB.Query',
        at: [index, index + 2],
        isError: index === 7,
      }),
    );
    expect(body(span({ id: 1, at: [0, 301] }), ...many).map((each) => each.slice(46))).toEqual([
      'api: step 1',
      '  299 times api: DynamoDB.Query',
      '  DynamoDB.Query  ERROR',
    ]);
    expect(body(span({ id: 1 }), ...many.slice(0, 200))).toHaveLength(201);
  });

  it('has a bound, whatever the spans', () => {
    const chain = Array.from({ length: 5_000 }, (_, index) =>
      span({ id: index + 1, name: `step ${index}`, ...(index > 0 && { parent: index }) }),
    );
    const shown = body(...chain);
    expect(shown).toHaveLength(2_001);
    expect(shown.at(-1)).toBe('... and 3,000 more lines.');
    expect(Math.max(...shown.map(({ length }) => length))).toBeLessThan(120);
  });

  it('is as wide as the terminal', () => {
    const narrow = lines([...request, ...publish], 60);
    expect(Math.max(...narrow.map(({ length }) => length))).toBe(60);
    expect(narrow).toContain('      0.0     40.0  ━━━━━         api: POST /ledger/{id}/cr…');
  });

  it('has no control characters but its colours', () => {
    const name = 'a\u001b[2Jb\nc';
    const text = (paint: typeof plain) =>
      tracesOf([span({ id: 1, name, isError: true })]).flatMap((trace) => waterfall(trace, { paint }));
    expect(text(plain).at(-1)).toContain('api: a\\u001b[2Jb c  ERROR');
    expect(text(painted).at(-1)).toContain('\u001b[31m  ERROR\u001b[39m');
    expect(text(painted).at(-1)).not.toContain('\u001b[2J');
  });
});

describe('the traces of an answer', () => {
  const shown = (spans: readonly Span[], asked?: string) =>
    tracesOf(spans, asked).map(({ traceId, batches }) => [
      traceId[0],
      ...batches.map((batch) => [batch.traceId[0], batch.others]),
    ]);

  it('are those of the requests, each with the batches that it links to', () => {
    expect(shown([...publish, ...request])).toEqual([['a', ['b', 3]]]);
  });

  it('are those of batches if one was asked for, or if nothing else is there', () => {
    expect(shown([...publish, ...request], traceB)).toEqual([['a'], ['b']]);
    expect(shown(publish.slice(1))).toEqual([['b']]);
  });

  it('have their batches in order of their starts', () => {
    const earlier = publish.map((each) => ({
      ...each,
      ...(each.traceId === traceB && { traceId: 'c'.repeat(32), startMs: each.startMs - 1 }),
      ...(each.traceId === traceA && { spanId: spanId(8), links: [link('c'.repeat(32), 6)] }),
    }));
    expect(shown([...request, ...publish, ...earlier])).toEqual([['a', ['c', 3], ['b', 3]]]);
  });

  it('are in order of their starts', () => {
    const later = span({ id: 8, traceId: 'c'.repeat(32), at: [100, 101] });
    const earlier = span({ id: 8, traceId: 'd'.repeat(32), at: [-100, 101] });
    expect(shown([later, ...request, earlier])).toEqual([['d'], ['a'], ['c']]);
  });

  it('count the other commits of a batch by its links if it has no number of messages', () => {
    const [step, batch] = publish as [Span, Span];
    const links = [link(traceA, 3), link('c'.repeat(32), 1), link('d'.repeat(32), 1)];
    expect(shown([step, { ...batch, attributes: {}, links }])).toEqual([['a', ['b', 2]]]);
  });

  it('are those of a schedule too, although the batches that follow link to them', () => {
    const sweep = span({ id: 3, name: 'sweep', service: 'metrics-sweeper' });
    expect(shown([sweep, ...publish])).toEqual([['a', ['b', 3]]]);
  });
});
