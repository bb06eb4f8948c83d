import { describe, expect, it } from '@jest/globals';
import { parseTraceparent, traceparentOf } from './trace-context.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';

describe('a traceparent', () => {
  it.each([
    [`00-${traceId}-${spanId}-01`, true],
    [`00-${traceId}-${spanId}-00`, false],
    // Other flags mean nothing yet.
    [`00-${traceId}-${spanId}-fe`, false],
    [`00-${traceId}-${spanId}-ff`, true],
    [`cc-${traceId}-${spanId}-01`, true],
    [`cc-${traceId}-${spanId}-01-what-comes-later`, true],
  ])('%s is read', (text, sampled) => {
    expect(parseTraceparent(text)).toEqual({ traceId, spanId, sampled });
  });

  it.each([
    ['no text', undefined],
    ['empty', ''],
    ['an upper-case digit', `00-${traceId.toUpperCase()}-${spanId}-01`],
    ['the forbidden version', `ff-${traceId}-${spanId}-01`],
    ['more fields in version 00', `00-${traceId}-${spanId}-01-more`],
    ['more characters', `cc-${traceId}-${spanId}-01.more`],
    ['two in one header', `00-${traceId}-${spanId}-01,00-${traceId}-${spanId}-01`],
    ['a trace of zeros', `00-${'0'.repeat(32)}-${spanId}-01`],
    ['a span of zeros', `00-${traceId}-${'0'.repeat(16)}-01`],
    ['a short trace', `00-${traceId.slice(1)}-${spanId}-01`],
    ['a line break', `00-${traceId}-${spanId}-01\n`],
  ])('with %s is ignored', (_, text) => {
    expect(parseTraceparent(text)).toBeUndefined();
  });

  it('is written in version 00 without unknown flags', () => {
    const context = parseTraceparent(`cc-${traceId}-${spanId}-ff-more`);
    expect(context && traceparentOf(context)).toBe(`00-${traceId}-${spanId}-01`);
  });
});
