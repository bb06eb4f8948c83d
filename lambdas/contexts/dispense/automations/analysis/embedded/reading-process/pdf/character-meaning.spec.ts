import { describe, expect, it } from '@jest/globals';
import { meaningOf } from './character-meaning.ts';

describe('the meaning of a character', () => {
  it.each([
    ['Helvetica', '5', '5'],
    ['Helvetica', '½', '½'],
    ['Helvetica', 'ﬁ', 'ﬁ'],
    ['Symbol', 'μ', 'μ'],
    ['SymbolMT', '\uf0b7', '•'],
    ['Wingdings', '\uf0a7', '•'],
    ['ZapfDingbats', 'n', '•'],
    ['ZapfDingbats', '✔', '✔'],
  ])('in %s of %s is %s', (name, unicode, meaning) => {
    expect(meaningOf(unicode, { name })).toBe(meaning);
  });

  it.each([
    ['Helvetica', '\uf0b7'],
    ['Helvetica', '\u0013'],
    ['Helvetica', '\ufffd'],
    ['ZapfDingbats', '4'],
    ['Wingdings', 'A'],
    ['Symbol', '\uf034'],
  ])('in %s of %j is not known', (name, unicode) => {
    expect(meaningOf(unicode, { name })).toBeUndefined();
  });
});
