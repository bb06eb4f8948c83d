import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareKeys } from '../../../kernel/index.ts';
import { foldName, nameKey, nameKeysFrom } from './name-key.ts';

/** How keys were made before names were folded. Rows that no event has changed since still have such a key. */
const oldKey = (name: string) => name.normalize('NFC').toLowerCase().replace(/\s+/gu, ' ');
const isFound = (query: string, key: string) => {
  const { from, to } = nameKeysFrom(query);
  return compareKeys(from, `${key}  #m`) <= 0 && compareKeys(`${key}  #m`, to) <= 0;
};

describe('folded names', () => {
  it.each([
    ['the last sigma', ['ΣΟΦΟΣ', 'σοφος', 'σοφοσ', 'Σοφος']],
    ['sharp s', ['Straße', 'STRASSE', 'STRA\u1e9eE', 'strasse', 'Stra\u017f\u017fe']],
    ['i with and without dot', ['İZMİR', 'izmir', 'IZMIR', 'ızmır', 'I\u0307zmi\u0307r']],
    ['ligatures', ['\ufb01n', 'FIN', 'fin']],
    ['the kelvin and ohm signs', ['\u212a\u2126', 'kω', 'KΩ']],
    ['micro', ['\u00b5m', 'μm', 'ΜM']],
    ['iota subscript', ['\u1fb3', 'ΑΙ', 'αι']],
    ['Cherokee', ['\u13a0', '\uab70']],
    ['composed accents', ['ΣΟΦΌΣ', 'σοφός', 'ΣΟΦΟ\u0301Σ']],
  ])('have one form: %s', (_what, names) => {
    expect(new Set(names.map(foldName)).size).toBe(1);
  });

  it.each(['e é', 'o ö', 'c ç', 'n ñ', 'σ ς\u0301'])('differ by accents: %s', (pair) => {
    const [one = '', other = ''] = pair.split(' ');
    expect(foldName(one)).not.toBe(foldName(other));
  });

  it('are the same in upper and lower case, and folded twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 50 }), (name) => {
        const folded = foldName(name);
        expect([name.toUpperCase(), name.toLowerCase(), folded].map(foldName)).toEqual([
          folded,
          folded,
          folded,
        ]);
      }),
    );
  });
});

describe('the range of keys of a query', () => {
  it.each([
    ['ΣΟΦΟΣ', 'ΣΟΦΟΣΤΙΚΑ'],
    ['σοφός', 'ΣΟΦΌΣΤΙΚΑ'],
    ['σοφοσ α', 'ΣΟΦΟΣ ΑΒ'],
    ['straße', 'Straßenbahn'],
    ['Straße', 'STRASSENBAHN'],
    ['İzm', 'İZMİR'],
    ['izm', 'IZMIR'],
    ['a', 'a\u{10ffff}\u{10ffff}b'],
    ['\u{10ffff}odd', '\u{10ffff}odd one'],
    ['x', 'Xylophone'],
  ])('includes the key and the earlier key: %s finds %s', (query, name) => {
    expect([isFound(query, nameKey(name)), isFound(query, oldKey(name))]).toEqual([true, true]);
    expect(foldName(name).startsWith(foldName(query))).toBe(true);
  });

  it.each([
    ['STRASSE', 'Straße'],
    ['izmir', 'İZMİR'],
  ])('includes only the new key if the earlier one is spelled differently: %s, %s', (query, name) => {
    expect([isFound(query, nameKey(name)), isFound(query, oldKey(name))]).toEqual([true, false]);
  });

  it('includes every name that begins with the query in upper or lower case', () => {
    const parts = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(parts, parts, (query, rest) => {
        const name = `${query} ${rest}`;
        for (const typed of [query, query.toUpperCase(), query.toLowerCase()]) {
          expect(foldName(name).startsWith(foldName(typed))).toBe(true);
          expect(isFound(typed, nameKey(name))).toBe(true);
        }
      }),
    );
  });

  it('includes names that are longer than their keys', () => {
    const long = '\u1fb7'.repeat(200);
    expect(Buffer.byteLength(nameKey(long))).toBeLessThanOrEqual(900);
    expect(isFound(long, nameKey(long))).toBe(true);
    expect(isFound(long.slice(0, 50), nameKey(long))).toBe(true);
  });
});
