import { describe, expect, it } from '@jest/globals';
import { matchesPattern, parsePattern } from './filter.ts';

const record = {
  eventName: 'INSERT',
  dynamodb: { NewImage: { stream: { S: 'ledger/1' }, count: { N: '3' } } },
  amount: 12,
  note: null,
};

const matches = (pattern: object) => matchesPattern(parsePattern(JSON.stringify(pattern)), record);

describe('a pattern', () => {
  it.each([
    [{}],
    [{ eventName: ['INSERT'] }],
    [{ eventName: ['MODIFY', 'INSERT'] }],
    [{ dynamodb: { NewImage: { stream: { S: ['ledger/1'] } } } }],
    [{ amount: [12] }],
    [{ note: [null] }],
  ])('%j accepts the record', (pattern) => {
    expect(matches(pattern)).toBe(true);
  });

  it.each([
    [{ eventName: ['REMOVE'] }],
    [{ eventName: ['INSERT'], amount: [13] }],
    [{ dynamodb: { NewImage: { stream: { S: ['metrics/1'] } } } }],
    [{ amount: ['12'] }],
    [{ missing: [null] }],
    [{ missing: { deeper: ['x'] } }],
    [{ eventName: { deeper: ['x'] } }],
  ])('%j does not accept the record', (pattern) => {
    expect(matches(pattern)).toBe(false);
  });

  it.each([
    ['no json', 'is not supported: '],
    ['{"a":"b"}', 'is not supported: each leaf must be a list of values'],
    ['{"a":[{"prefix":"x"}]}', 'is not supported: operator "prefix"'],
    ['{"$or":[{"a":["b"]}]}', 'is not supported: operator "$or"'],
  ])('%s is refused with a sentence that names what is not supported', (text, reason) => {
    const attempt = () => parsePattern(text);
    expect(attempt).toThrow(expect.objectContaining({ name: 'UserError' }));
    expect(attempt).toThrow(reason);
  });
});
