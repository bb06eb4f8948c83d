import { describe, expect, it } from '@jest/globals';
import { isWorthShowing } from './console.ts';

describe('whether the terminal shows a log line of a function', () => {
  it.each([
    ['a warning', '{"level":"WARN","message":"m"}', true],
    ['an error', '{"level":"ERROR","message":"m"}', true],
    ['information', '{"level":"INFO","message":"m"}', false],
    ['detail', '{"level":"debug","message":"m"}', false],
    ['metrics', '{"_aws":{"Timestamp":1,"CloudWatchMetrics":[]},"service":"api","Commands":1}', false],
    ['an object without a level', '{"a":1}', true],
    ['what only looks like an object', '{a', true],
    ['text', 'here', true],
    ['an empty line', ' ', false],
  ])('%s: %s', (_what, line, shown) => {
    expect(isWorthShowing(line)).toBe(shown);
  });
});
