import { describe, expect, it } from '@jest/globals';
import type { DocumentType } from '../../../domain/events.ts';
import type { Answer } from './answer.ts';
import { readingOfAnswer } from './reading-of-answer.ts';

const bytes = Buffer.from('Amoxicillin 500 mg\n capsules, 21, for Jane Sample');
const drug = {
  name: 'Amoxicillin',
  strength: '500 mg',
  form: 'capsule',
  quantity: 21,
  directions: 'Take one three times daily',
};
const part = 0.5;
const readingOf = (answer: Partial<Answer>, contentType: DocumentType = 'text/plain') =>
  readingOfAnswer({ drugs: [drug], setAside: [], notUnderstood: [], ...answer }, [{ contentType, bytes }]);

describe('the reading of an answer', () => {
  it('says what is not stated, and nothing is put in its place', () => {
    const bare = { name: 'Amoxicillin', strength: null, form: null, quantity: null, directions: null };
    expect(readingOf({ drugs: [bare] }).drugs).toEqual([
      {
        ...bare,
        quantityIsDerived: false,
        confidence: { name: part, strength: null, form: null, quantity: null, directions: null },
        doubts: [],
      },
    ]);
  });

  it('counts the lines that an event cannot hold', () => {
    const line = 'x'.repeat(4_000);
    expect(readingOf({ setAside: [line, 'Stop'], notUnderstood: [line, line, line] })).toMatchObject({
      confidence: 0,
      setAside: ['Stop'],
      notUnderstood: [line, line],
      notUnderstoodMore: 2,
    });
  });
});

describe('a drug', () => {
  const doubtsOf = (changes: object, contentType?: DocumentType) =>
    readingOf({ drugs: [{ ...drug, ...changes }] }, contentType).drugs[0]?.doubts;

  it.each([
    [{ name: 'Ampicillin' }],
    [{ strength: '250 mg' }],
    [{ strength: '0 mg' }],
    [{ name: 'cillin' }],
    [{ quantity: 12 }],
    [{ quantity: 2 }],
    [{ quantity: 50 }],
  ])('that is not in a text in these words is in doubt: %j', (changes) => {
    expect(doubtsOf(changes)).toEqual(['not-in-document']);
  });

  it.each([[{}], [{ quantity: null, strength: null }], [{ strength: '500 mg capsules' }]])(
    'that is in the text, also over the end of a line, is not: %j',
    (changes) => {
      expect(doubtsOf(changes)).toEqual([]);
    },
  );

  it('is not compared with a picture, or with a prescription of which a page is one', () => {
    expect(doubtsOf({ name: 'Ampicillin' }, 'image/png')).toEqual([]);
    const pages = [
      { contentType: 'text/plain', bytes },
      { contentType: 'application/pdf', bytes },
    ] as const;
    const answer = { drugs: [{ ...drug, name: 'Ampicillin' }], setAside: [], notUnderstood: [] };
    expect(readingOfAnswer(answer, pages).drugs[0]?.doubts).toEqual([]);
  });
});
