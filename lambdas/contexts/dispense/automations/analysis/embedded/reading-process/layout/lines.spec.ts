import { describe, expect, it } from '@jest/globals';
import { linesOf, type PlacedWord } from './lines.ts';

/** A word of 10 units a character. */
const word = (text: string, left: number, top: number, height = 20): PlacedWord => ({
  text,
  left,
  right: left + text.length * 10,
  top,
  bottom: top + height,
  confidence: 0.9,
});
const textsOf = (words: readonly PlacedWord[]) =>
  linesOf(words).map((line) => line.words.map(({ text }) => text));

describe('words of one height', () => {
  it('are one line from left to right, whatever their order', () => {
    expect(
      textsOf([word('21', 600, 2), word('Take', 0, 40), word('Amoxicillin', 0, 0), word('500', 200, -2)]),
    ).toEqual([['Amoxicillin', '500', '21'], ['Take']]);
  });

  it('are one line if the line rises slowly', () => {
    const rising = Array.from({ length: 20 }, (_, index) => word('word', index * 50, 300 - index * 4));
    const below = Array.from({ length: 20 }, (_, index) => word('next', index * 50, 330 - index * 4));
    expect(textsOf([...below, ...rising])).toEqual([
      Array.from({ length: 20 }, () => 'word'),
      Array.from({ length: 20 }, () => 'next'),
    ]);
  });

  it('are two lines beside a large one', () => {
    const lines = textsOf([word('Rx', 0, 0, 60), word('first', 100, 4, 16), word('second', 100, 34, 16)]);
    expect(lines.filter((line) => line.includes('first') && line.includes('second'))).toEqual([]);
  });

  it('include marks that have nearly no height', () => {
    expect(textsOf([word('5', 0, 0), word('-', 20, 9, 3), word('325', 40, 0), word('.', 80, 17, 3)])).toEqual(
      [['5', '-', '325', '.']],
    );
  });
});

describe('the places of words', () => {
  it('are in average characters from the left edge of the text', () => {
    const [line] = linesOf([word('Qty:', 100, 0), word('21', 300, 0)]);
    expect(line?.words).toEqual([
      { text: 'Qty:', left: 0, right: 4, confidence: 0.9 },
      { text: '21', left: 20, right: 22, confidence: 0.9 },
    ]);
  });

  it('are finite for words without a width, and for none', () => {
    const [line] = linesOf([{ ...word('x', 5, 0), right: 5 }]);
    expect(line?.words).toEqual([{ text: 'x', left: 0, right: 0, confidence: 0.9 }]);
    expect(linesOf([])).toEqual([]);
  });
});
