import { describe, expect, it } from '@jest/globals';
import type { DocumentText } from './document-text.ts';
import { readPrescription } from './read-prescription.ts';
import { documentOf } from './text-document.fixture.ts';

/** A picture of a line in which some words are less certain. */
function pictureOf(text: string, confidences: Readonly<Record<string, number>>): DocumentText {
  const pages = documentOf(text).pages.map((lines) =>
    lines.map(({ words }) => ({
      words: words.map((word) => ({ ...word, confidence: confidences[word.text] ?? 1 })),
    })),
  );
  return { source: 'picture', pages, doubts: [] };
}

const line = 'Warfarin 0.5 mg tablets, 28, take 1 tablet each evening';
const doubtsOf = (confidences: Readonly<Record<string, number>>) =>
  readPrescription(pictureOf(line, confidences)).drugs.map(({ doubts }) => doubts);

describe('the clarity of a picture', () => {
  it.each(['Warfarin', 'mg'])('needs 0.8 in a word without digits: %s', (word) => {
    expect(doubtsOf({ [word]: 0.8 })).toEqual([[]]);
    expect(doubtsOf({ [word]: 0.79 })).toEqual([['unclear-text']]);
  });

  it.each(['0.5', '28,', '1'])('needs 0.9 in a word with digits: %s', (word) => {
    expect(doubtsOf({ [word]: 0.9 })).toEqual([[]]);
    expect(doubtsOf({ [word]: 0.89 })).toEqual([['unclear-text']]);
  });
});
