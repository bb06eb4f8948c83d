import { describe, expect, it } from '@jest/globals';
import { documentOf } from '../../lambdas/contexts/dispense/automations/analysis/reading/text-document.fixture.ts';
import { type CalibrationPicture, type ReadPicture, rowsOf, ruleTable } from './calibration.ts';

/** A picture that states Warfarin 0.5 mg, 28, and the text that was read in it. */
function read(
  text: string,
  confidences: { words: number; digits: number },
  half: CalibrationPicture['half'],
) {
  const { pages } = documentOf(text);
  const picture: CalibrationPicture = {
    name: 'x.png',
    half,
    damage: 'clean',
    contentType: 'image/png',
    bytes: new Uint8Array(),
    drugs: [{ name: 'warfarin', strength: '0.5 mg', quantity: 28 }],
    mustReview: false,
  };
  const confidenceOf = (word: string) => (/\d/.test(word) ? confidences.digits : confidences.words);
  const lines = pages.map((page) =>
    page.map(({ words }) => ({
      words: words.map((word) => ({ ...word, confidence: confidenceOf(word.text) })),
    })),
  );
  return { picture, text: { source: 'picture', pages: lines, doubts: [] } } satisfies ReadPicture;
}

describe('a rule for clear text', () => {
  const all: ReadPicture[] = [
    read('Warfarin 0.5 mg tablets Qty: 28', { words: 0.8, digits: 0.9 }, 'choosing'),
    read('Warfarin 0.5 mg tablets Qty: 26', { words: 0.8, digits: 0.9 }, 'choosing'),
    read('Warfarin 0.5 mg tablets Qty: 28', { words: 0.7, digits: 0.95 }, 'choosing'),
    { ...read('', { words: 1, digits: 1 }, 'checking'), text: undefined },
  ];

  it('trusts what is clear, and what is wrong in it is counted', () => {
    expect(rowsOf({ words: 0.8, digits: 0.9 }, all)).toEqual([
      {
        words: 0.8,
        digits: 0.9,
        half: 'choosing',
        pictures: 3,
        right: 2,
        trusted: 2,
        wrong: ['x.png: warfarin: quantity 26 instead of 28'],
      },
      { words: 0.8, digits: 0.9, half: 'checking', pictures: 1, right: 0, trusted: 0, wrong: [] },
    ]);
  });

  it.each([
    [0.6, 0.9, 3],
    [0.81, 0.9, 0],
    [0.7, 0.91, 1],
  ])('asks words for %d and digits for %d', (words, digits, trusted) => {
    expect(rowsOf({ words, digits }, all)[0]).toMatchObject({ trusted });
  });

  it('is a line of the table', () => {
    expect(ruleTable(rowsOf({ words: 0.8, digits: 0.9 }, all))).toBe(
      [
        '| words | digits | choosing: trusted of 2 read right | wrong | checking: trusted of 0 read right | wrong |',
        '|---|---|---|---|---|---|',
        '| 0.80 | 0.90 | 2 | 1 | 0 | 0 |',
      ].join('\n'),
    );
  });
});
