import { describe, expect, it } from '@jest/globals';
import { differingFields } from './row-differences.ts';

describe('the differing fields of two rows', () => {
  it.each([
    [{ a: 1 }, { a: 1 }, []],
    [{ a: 1, b: undefined }, { a: 1 }, []],
    [{ a: { x: 1, y: 2 } }, { a: { y: 2, x: 1 } }, []],
    [{ a: 1, b: 2, c: 3 }, { c: 4, a: 1 }, ['b', 'c']],
    [undefined, { a: 1 }, ['(all)']],
    [null, null, []],
    [[1], [2], ['(all)']],
  ])('%j and %j: %j', (stored, folded, fields) => {
    expect(differingFields(stored, folded)).toEqual(fields);
  });
});
