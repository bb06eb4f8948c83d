import { describe, expect, it } from '@jest/globals';
import { matchesPattern, parsePattern } from './filter.ts';

const record = {
  eventName: 'INSERT',
  dynamodb: { NewImage: { stream: { S: 'ledger/1' }, count: { N: '3' } } },
  amount: 12,
  tags: ['a', 'b'],
  note: null,
};

const matches = (pattern: object) => matchesPattern(parsePattern(JSON.stringify(pattern)), record);

describe('filter patterns', () => {
  it.each([
    [{}],
    [{ eventName: ['INSERT'] }],
    [{ eventName: ['MODIFY', 'INSERT'] }],
    [{ dynamodb: { NewImage: { stream: { S: [{ prefix: 'ledger/' }] } } } }],
    [{ eventName: [{ suffix: 'SERT' }] }],
    [{ eventName: [{ 'equals-ignore-case': 'insert' }] }],
    [{ eventName: [{ 'anything-but': ['REMOVE'] }] }],
    [{ eventName: [{ 'anything-but': { prefix: 'REM' } }] }],
    [{ amount: [12] }],
    [{ amount: [{ numeric: ['>', 0, '<=', 12] }] }],
    [{ note: [null] }],
    [{ tags: ['b'] }],
    [{ eventName: [{ exists: true }], missing: [{ exists: false }] }],
    [{ $or: [{ eventName: ['REMOVE'] }, { amount: [12] }] }],
  ])('let %j through', (pattern) => {
    expect(matches(pattern)).toBe(true);
  });

  it.each([
    [{ eventName: ['REMOVE'] }],
    [{ eventName: ['INSERT'], amount: [13] }],
    [{ dynamodb: { NewImage: { stream: { S: [{ prefix: 'metrics/' }] } } } }],
    [{ eventName: [{ 'anything-but': 'INSERT' }] }],
    [{ amount: ['12'] }],
    [{ amount: [{ numeric: ['<', 12] }] }],
    [{ eventName: [{ numeric: ['>', 0] }] }],
    [{ missing: [null] }],
    [{ missing: [{ 'anything-but': 'x' }] }],
    [{ missing: { deeper: ['x'] } }],
    [{ eventName: [{ exists: false }] }],
    [{ tags: ['c'] }],
  ])('stop what is not %j', (pattern) => {
    expect(matches(pattern)).toBe(false);
  });

  it.each([['no json'], ['{"a":"b"}'], ['{"a":[{"cidr":"10.0.0.0/8"}]}']])('refuse %s', (text) => {
    expect(() => parsePattern(text)).toThrow(expect.objectContaining({ name: 'UserError' }));
  });
});
