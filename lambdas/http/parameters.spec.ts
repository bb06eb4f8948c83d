import { describe, expect, it } from '@jest/globals';
import { linesSchema, textSchema } from './parameters.ts';

const accepts = (text: string) => ({
  line: textSchema(50).safeParse(text).success,
  lines: linesSchema(50).safeParse(text).success,
});

describe('text', () => {
  it.each([
    ['letters of any script', 'Zoë Ωμέγα שלום 東京'],
    ['an emoji of several characters', '👩‍⚕️'],
    ['a joiner of Persian', 'می‌خواهم'],
    ['a character for private use', 'a\ue000'],
    ['the replacement character', 'a\ufffd'],
  ])('may have %s', (_what, text) => {
    expect(accepts(text)).toEqual({ line: true, lines: true });
  });

  it.each([
    ['an unpaired high surrogate', 'a\ud800'],
    ['an unpaired low surrogate', '\udc00a'],
    ['surrogates in the wrong order', '\udc00\ud800'],
    ['NUL', 'a\u0000'],
    ['escape', 'a\u001b[1m'],
    ['delete', 'a\u007fb'],
    ['a C1 control character', 'a\u0085b'],
    ['an override of direction', '\u202etxt.exe'],
    ['an embedding of direction', 'a\u202ab\u202c'],
    ['an isolate of direction', 'a\u2066b\u2069'],
    ['a left-to-right mark', 'a\u200eb'],
    ['a right-to-left mark', '\u200fb'],
    ['an Arabic letter mark', 'a\u061cb'],
    ['a noncharacter', 'a\uffff'],
    ['a noncharacter of Arabic forms', 'a\ufdd0'],
    ['the last character', '\u{10ffff}odd'],
    ['a noncharacter of another plane', 'a\u{1fffe}'],
    ['nothing', ''],
    ['blanks only', ' \t\n\u00a0\ufeff'],
    ['zero-width characters only', '\u200b\u2060'],
    ['fillers only', '\u3164\u115f\uffa0'],
    ['variation selectors only', '\ufe0f\u{e0100}'],
    ['a braille pattern without dots only', '\u2800'],
    ['51 characters', 'x'.repeat(51)],
    ['more than 50 characters once it is composed', '\u0958'.repeat(26)],
  ])('cannot have %s', (_what, text) => {
    expect(accepts(text)).toEqual({ line: false, lines: false });
  });

  it.each(['a\nb', 'a\r\nb', 'a\tb', 'a\u2028b', 'a\u2029b'])('of several lines may have %j', (text) => {
    expect(accepts(text)).toEqual({ line: false, lines: true });
  });

  it('is trimmed and normalized', () => {
    expect(textSchema(1).parse('  e\u0301\n')).toBe('\u00e9');
    expect(linesSchema(3).parse('\na\nb\n')).toBe('a\nb');
  });
});
