import { describe, expect, it } from '@jest/globals';
import { Turns } from './turns.ts';

describe('overlapping commands', () => {
  it('are told from one that had the account to itself', () => {
    const turns = new Turns();
    const endFirst = turns.begin();
    expect(endFirst()).toBe(true);
    const endSecond = turns.begin();
    const endThird = turns.begin();
    expect(endThird()).toBe(false);
    expect(endSecond()).toBe(false);
    expect(turns.begin()()).toBe(true);
  });

  it('leave a read in doubt, which itself disturbs nobody', () => {
    const turns = new Turns();
    const isQuiet = turns.watch();
    const end = turns.begin();
    expect(turns.watch()()).toBe(false);
    expect(end()).toBe(true);
    expect(isQuiet()).toBe(false);
    expect(turns.watch()()).toBe(true);
  });
});
