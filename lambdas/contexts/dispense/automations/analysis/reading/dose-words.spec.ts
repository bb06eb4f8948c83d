import { expect, it } from '@jest/globals';
import { clearWordsMin } from './clarity.ts';
import { readPrescription } from './read-prescription.ts';
import { documentOf } from './text-document.fixture.ts';

const text = 'Lorazepam 0.5 mg tablets, 20, take one at night for sleep';

/** The doubts of the text as a picture in which a word is not clearly readable. */
function doubtsWith(unclear: string, confidence: number): readonly string[] {
  const { pages, doubts } = documentOf(text);
  const words = pages.flat().flatMap((line) => line.words);
  expect(words.map((word) => word.text)).toContain(unclear);
  const picture = words.map((word) => (word.text === unclear ? { ...word, confidence } : word));
  return (
    readPrescription({ source: 'picture', pages: [[{ words: picture }]], doubts }).drugs[0]?.doubts ?? []
  );
}

it.each(['Lorazepam', 'mg', 'one', 'night'])(
  'a word of name, strength, quantity or dose that is not clear needs a person: %s',
  (word) => {
    expect(doubtsWith(word, clearWordsMin - 0.01)).toContain('unclear-text');
    expect(doubtsWith(word, clearWordsMin)).toEqual([]);
  },
);

it('other words of the directions may be less clear', () => {
  expect(doubtsWith('sleep', 0.5)).toEqual([]);
});
