import { describe, expect, it } from '@jest/globals';
import { wordsOfGlyphs } from './glyph-words.ts';
import type { Glyph } from './page-content.ts';

const page = { left: 0, top: 0, right: 600, bottom: 800 };

/** The characters of a text of size 10: each is 5 wide. */
function glyphs(text: string, x: number, y: number, size = 10, step = size / 2): Glyph[] {
  return [...text].map((character, index) => ({
    text: character,
    x: x + index * step,
    y,
    endX: x + index * step + size / 2,
    endY: y,
    size,
    brightness: 0,
    isPainted: true,
    clip: page,
    order: 0,
  }));
}
const textsOf = (all: readonly Glyph[]) =>
  wordsOfGlyphs(all).map(({ words }) => words.map(({ text }) => text));

describe('characters', () => {
  it('join to words by their places, in any order', () => {
    const all = [...glyphs('Amoxicillin 500 mg', 10, 100)].reverse();
    expect(textsOf(all)).toEqual([['Amoxicillin', '500', 'mg']]);
  });

  it('begin a word at a gap without a space', () => {
    expect(textsOf([...glyphs('500', 10, 100), ...glyphs('mg', 28, 100), ...glyphs('21', 200, 100)])).toEqual(
      [['500', 'mg', '21']],
    );
  });

  it('that are shown twice to be bold are there once', () => {
    expect(textsOf([...glyphs('11', 10, 100), ...glyphs('11', 10.5, 100)])).toEqual([['11']]);
  });

  it('of other lines do not join', () => {
    expect(textsOf([...glyphs('0', 10, 100), ...glyphs('5', 15, 112)])).toEqual([['0', '5']]);
  });

  it('of another direction are apart', () => {
    const upwards = glyphs('side', 0, 0).map((glyph) => ({
      ...glyph,
      x: 20,
      endX: 20,
      y: 500 - glyph.x,
      endY: 500 - glyph.endX,
    }));
    expect(textsOf([...upwards, ...glyphs('Amoxicillin', 10, 100)])).toEqual([['Amoxicillin'], ['side']]);
  });
});

describe('a digit that is smaller and raised', () => {
  it('is a word of its own and is reported', () => {
    const [read] = wordsOfGlyphs([
      ...glyphs('10', 10, 100),
      ...glyphs('6', 20, 95, 6),
      ...glyphs('IU', 27, 100),
    ]);
    expect(read?.words.map(({ text }) => text)).toEqual(['10', '6', 'IU']);
    expect(read?.hasRaisedDigit).toBe(true);
  });

  it('is not found in lines of two sizes', () => {
    const [read] = wordsOfGlyphs([...glyphs('Ward 7', 10, 100, 14), ...glyphs('Tel 12', 200, 101, 9)]);
    expect(read?.hasRaisedDigit).toBe(false);
  });
});
