import { describe, expect, it } from '@jest/globals';
import { checkHistory } from './check-history.ts';
import { accounts } from './histories.fixture.ts';

const findingsOf = (after: string) => {
  const undo = { atMs: 1, readModel: 'ledger', before: 'g2', after };
  return checkHistory({ ...accounts(), undos: [undo] });
};

describe('an undo', () => {
  it('makes the other generation active', () => {
    expect(findingsOf('g1')).toEqual([]);
  });

  it('is a finding if it was carried out twice', () => {
    expect(findingsOf('g2')).toMatchObject([
      { check: 'an undo is carried out once', text: 'After an undo, g2 of ledger was active, as before.' },
    ]);
  });
});
