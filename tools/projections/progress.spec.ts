import { describe, expect, it } from '@jest/globals';
import { duration, progressLine, withEstimate } from './progress.ts';

describe('a line of progress', () => {
  it('has a percentage if it is known', () => {
    expect(progressLine('ledger: Folding', 0.257, '7 rows')).toBe('ledger: Folding 25 % 7 rows');
    expect(progressLine('ledger: Folding', 0, '0 rows')).toBe('ledger: Folding 0 % 0 rows');
    expect(progressLine('ledger: Comparing', undefined, '7 streams')).toBe('ledger: Comparing 7 streams');
  });
});

describe('an estimate', () => {
  it('follows the speed of this run, not what an earlier one has done', () => {
    let nowMs = 1_000;
    const noted = withEstimate(() => nowMs);
    expect(noted(0.5, 'rows')).toBe('rows');
    nowMs += 10_000;
    expect(noted(0.75, 'rows')).toBe('rows, about 10 s left');
    expect(noted(1, 'rows')).toBe('rows');
  });

  it.each([
    [0, '0 s'],
    [41_001, '42 s'],
    [185_000, '3 min 5 s'],
    [7_800_000, '2 h 10 min'],
  ])('%d ms is %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });
});
