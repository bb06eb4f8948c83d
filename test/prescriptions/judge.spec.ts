import { describe, expect, it } from '@jest/globals';
import { differences, type ReadDrug } from './judge.ts';

const read: ReadDrug = {
  name: 'Amoxicillin',
  strength: '500 mg',
  form: 'capsules',
  quantity: 21,
  quantityIsDerived: false,
  directions: 'Take 1 capsule  three times daily',
};
const stated = {
  name: 'amoxicillin',
  strength: '500mg',
  form: 'capsule',
  quantity: 21,
  directionsKeep: ['2 capsules|1 capsule three'],
};

describe('the judge of readings', () => {
  it('accepts other spaces, letter case and plural', () => {
    expect(differences([read], [stated])).toEqual([]);
  });

  it.each<[string, Partial<ReadDrug>]>([
    ['a brand after it', { name: 'AMOXICILLIN (Amoxil)' }],
    ['words about the form', { form: 'hard capsule' }],
  ])('accepts %s', (_, part) => {
    expect(differences([{ ...read, ...part }], [stated])).toEqual([]);
  });

  it.each<[string, Partial<ReadDrug>]>([
    ['amoxicillin: name Amoxicilin instead of amoxicillin', { name: 'Amoxicilin' }],
    ['amoxicillin: name Coamoxicillin instead of amoxicillin', { name: 'Coamoxicillin' }],
    ['amoxicillin: strength 50.0 mg instead of 500mg', { strength: '50.0 mg' }],
    ['amoxicillin: strength null instead of 500mg', { strength: null }],
    ['amoxicillin: form tablet instead of capsule', { form: 'tablet' }],
    ['amoxicillin: quantity null instead of 21', { quantity: null }],
    ['amoxicillin: the directions lost "2 capsules|1 capsule three"', { directions: 'Take 1 capsule' }],
  ])('finds: %s', (difference, part) => {
    expect(differences([{ ...read, ...part }], [stated])).toEqual([difference]);
  });

  it('finds a drug too many and one too few', () => {
    expect(differences([read, read], [stated])).toEqual(['2 drugs instead of 1']);
    expect(differences([], [stated])).toEqual(['0 drugs instead of 1', 'amoxicillin: missing']);
  });

  it('accepts a derived quantity, and no invented one, where none is stated', () => {
    const none = { ...stated, quantity: null };
    expect(differences([{ ...read, quantityIsDerived: true }], [none])).toEqual([]);
    expect(differences([read], [none])).toEqual(['amoxicillin: quantity 21 instead of null']);
  });
});
