import { describe, expect, it } from '@jest/globals';
import { readSpans } from './read-spans.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';
const ids = { traceId, spanId, startTimeUnixNano: '1700000000000000000' };

const answer = (...spans: unknown[]) => ({
  resourceSpans: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'streamfold-local-api' } }] },
      scopeSpans: [{ spans }],
    },
  ],
});
const read = (span: object) => readSpans(answer({ ...ids, ...span })).spans[0];

describe('a span of OTLP in JSON', () => {
  it('is read with all that it has', () => {
    expect(
      read({
        parentSpanId: '00F067AA0BA902B7',
        name: 'append',
        kind: 3,
        endTimeUnixNano: 1_700_000_000_012_500_000,
        status: { code: 2 },
        attributes: [{ key: 'streamfold.attempts', value: { intValue: '3' } }],
        events: [
          { name: 'conflict', timeUnixNano: '1700000000001250000', attributes: [] },
          { name: 'no time' },
        ],
        links: [{ traceId: traceId.toUpperCase(), spanId }, { traceId }],
      }),
    ).toEqual({
      ...{ traceId, spanId, parentId: '00f067aa0ba902b7', name: 'append', kind: 'client', service: 'api' },
      ...{ startMs: 1_700_000_000_000, endMs: 1_700_000_000_012.5, isError: true },
      attributes: { 'streamfold.attempts': 3 },
      events: [{ name: 'conflict', atMs: 1_700_000_000_001.25, attributes: {} }],
      links: [{ traceId, spanId }],
    });
  });

  it.each<[object, unknown]>([
    [{ stringValue: 'a' }, 'a'],
    [{ stringValue: '' }, ''],
    [{ boolValue: false }, false],
    [{ intValue: '12' }, 12],
    [{ intValue: 12 }, 12],
    [{ doubleValue: 0.5 }, 0.5],
    [{ doubleValue: 'NaN' }, undefined],
    [{ arrayValue: { values: [{ stringValue: 'a' }, { intValue: '2' }, {}] } }, ['a', '2']],
    [{ arrayValue: {} }, []],
    [{ kvlistValue: { values: [] } }, undefined],
    [{ bytesValue: 'AA==' }, undefined],
    [{ stringValue: 1 }, undefined],
    [{}, undefined],
  ])('has the attribute %j as %j', (value, expected) => {
    expect(read({ attributes: [{ key: 'a', value }] })?.attributes['a']).toEqual(expected);
  });

  it('counts as absent what has a wrong type', () => {
    const wrong = {
      parentSpanId: '',
      name: 1,
      kind: 9,
      status: 2,
      attributes: 'a',
      events: {},
      links: [null],
    };
    expect(read({ ...wrong, endTimeUnixNano: '0' })).toEqual({
      ...{ traceId, spanId, parentId: undefined, name: '(no name)', kind: 'unspecified', service: 'api' },
      ...{ startMs: 1_700_000_000_000, endMs: undefined, isError: false },
      ...{ attributes: {}, events: [], links: [] },
    });
  });

  it('has the names of enumerations too', () => {
    expect(read({ kind: 'SPAN_KIND_SERVER', status: { code: 'STATUS_CODE_ERROR' } })).toMatchObject({
      kind: 'server',
      isError: true,
    });
  });

  it.each([
    ['no trace', { traceId: undefined }],
    ['a trace of zeros', { traceId: '0'.repeat(32) }],
    ['a short id', { spanId: 'b7ad' }],
    ['no start', { startTimeUnixNano: undefined }],
    ['a negative start', { startTimeUnixNano: '-1' }],
    ['a start that is a fraction', { startTimeUnixNano: 1.5 }],
  ])('is counted if it has %s', (_, change) => {
    expect(readSpans(answer({ ...ids, ...change }, ids, null))).toMatchObject({
      spans: [{ spanId }],
      unreadable: 2,
    });
  });

  it.each([
    null,
    1,
    'a',
    [],
    {},
    { resourceSpans: 1 },
    { resourceSpans: [null, { scopeSpans: [1, { spans: {} }] }] },
  ])('is not in %j', (value) => {
    expect(readSpans(value)).toEqual({ spans: [], unreadable: 0 });
  });
});
