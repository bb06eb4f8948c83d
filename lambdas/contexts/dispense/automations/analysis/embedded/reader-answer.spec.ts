import { describe, expect, it } from '@jest/globals';
import { parseAnswer } from './reader-answer.ts';

const word = { text: 'Amoxicillin', left: 0, right: 11, confidence: 1 };
const answerWith = (change: object) => ({
  kind: 'read',
  document: { source: 'pdf', pages: [[{ words: [{ ...word, ...change }] }]], doubts: [] },
});

describe('the output of a reading process', () => {
  it('is a text or a refusal', () => {
    for (const answer of [answerWith({}), { kind: 'refused', because: 'much-memory' }]) {
      expect(parseAnswer(JSON.stringify(answer))).toEqual(answer);
    }
  });

  it.each([
    ['no JSON', 'x'],
    ['another kind', JSON.stringify({ kind: 'other' })],
    ['another refusal', JSON.stringify({ kind: 'refused', because: 'Enter 500 mg instead' })],
    ['a word with white space', JSON.stringify(answerWith({ text: 'a b' }))],
    ['an empty word', JSON.stringify(answerWith({ text: '' }))],
    ['more than certainty', JSON.stringify(answerWith({ confidence: 1.1 }))],
    ['a place that is no number', JSON.stringify(answerWith({ left: null }))],
    ['another part', JSON.stringify({ ...answerWith({}), trusted: true })],
  ])('that is %s is no answer', (_what, output) => {
    expect(parseAnswer(output)).toBeUndefined();
  });
});
