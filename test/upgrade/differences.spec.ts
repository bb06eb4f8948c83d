import { expect, it } from '@jest/globals';
import { differencesOf } from './differences.ts';

it('names each field that differs, at every depth', () => {
  const expected = { id: 'a', lines: [{ amount: 1 }, { amount: 2 }], gone: true };
  const found = { id: 'a', lines: [{ amount: 1 }, { amount: 3 }], more: null };
  expect(differencesOf('row', expected, found)).toEqual([
    'row.lines.1.amount: expected 2, found 3',
    'row.gone: expected true, found undefined',
    'row.more: expected undefined, found null',
  ]);
});

it.each([
  [undefined, { a: 1 }],
  [[], {}],
  [null, undefined],
  ['1', 1],
])('finds that %j is not %j', (expected, found) => {
  expect(differencesOf('row', expected, found)).toHaveLength(1);
});

it('does not distinguish an undefined field from an absent one', () => {
  expect(differencesOf('row', { a: undefined, b: [] }, { b: [] })).toEqual([]);
});
