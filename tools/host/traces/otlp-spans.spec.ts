import { describe, expect, it } from '@jest/globals';
import { readTraces, spansIn } from './otlp-spans.ts';
import { bodyWith, span } from './spans.fixture.ts';

const first = 'resourceSpans[0].scopeSpans[0].spans[0]';
const withSpan = (more: object) => bodyWith({ ...span(1, 1), ...more }).toString();

describe('a request of /v1/traces', () => {
  it('has spans', () => {
    const spans = [
      span(1, 1),
      span(1, 2, { parentSpanId: '0000000000000001', links: [], kind: 0, name: '' }),
    ];
    expect(spansIn(readTraces(bodyWith(...spans)))).toEqual(spans);
  });

  it('may leave out lists, have numbers of 64 bits as numbers, and other members', () => {
    const bare = {
      ...span(1, 1),
      attributes: undefined,
      startTimeUnixNano: 1_764_185_611_000_000_000,
      other: [1],
    };
    expect(spansIn(readTraces(bodyWith(bare)))).toHaveLength(1);
  });

  it('may have brackets in texts, however many', () => {
    const name = `"\\${'[{'.repeat(1_000)}`;
    expect(spansIn(readTraces(bodyWith(span(1, 1, { name }))))).toMatchObject([{ name }]);
  });

  it.each([
    ['', 'The body is not JSON.'],
    ['{"resourceSpans":', 'The body is not JSON.'],
    ['[]', 'The body is not a JSON object.'],
    ['null', 'The body is not a JSON object.'],
    ['{"resourceSpans":{}}', 'resourceSpans must be a list.'],
    ['{"resourceSpans":[null]}', 'resourceSpans[0] must be an object.'],
    ['{"resourceSpans":[{"scopeSpans":1}]}', 'resourceSpans[0].scopeSpans must be a list.'],
    [withSpan({ traceId: undefined }), `${first}.traceId must be 32 hexadecimal digits, not all zero.`],
    [withSpan({ traceId: '0'.repeat(32) }), `${first}.traceId must be 32 hexadecimal digits, not all zero.`],
    [withSpan({ spanId: 'W8Fr7PS+1Ns=' }), `${first}.spanId must be 16 hexadecimal digits, not all zero.`],
    [withSpan({ parentSpanId: 'x' }), `${first}.parentSpanId must be 16 hexadecimal digits, not all zero.`],
    [withSpan({ name: 1 }), `${first}.name must be text.`],
    [withSpan({ kind: 'SPAN_KIND_SERVER' }), `${first}.kind must be a whole number.`],
    [withSpan({ startTimeUnixNano: 'now' }), `${first}.startTimeUnixNano must be nanoseconds since 1970.`],
    [withSpan({ links: [{}] }), `${first}.links[0].traceId must be 32 hexadecimal digits, not all zero.`],
    [withSpan({ attributes: [{ value: {} }] }), `${first}.attributes[0].key must be text.`],
    [withSpan({ attributes: [{ key: 'a' }] }), `${first}.attributes[0].value must be an object.`],
    [
      withSpan({ attributes: [{ key: 'a', value: { arrayValue: { values: [null] } } }] }),
      `${first}.attributes[0].value.arrayValue.values[0] must be an object.`,
    ],
    ['['.repeat(1_000_000), 'The body is nested deeper than 100.'],
    [`{"a":${'{"a":'.repeat(100)}1${'}'.repeat(101)}`, 'The body is nested deeper than 100.'],
  ])('is refused if it is malformed, with a sentence: %.60s', (body, sentence) => {
    expect(() => readTraces(Buffer.from(body))).toThrow(sentence);
  });

  it('is refused if it is no UTF-8', () => {
    expect(() => readTraces(Buffer.from([0x7b, 0xff, 0x7d]))).toThrow('The body is not UTF-8.');
  });
});
