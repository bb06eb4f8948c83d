import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { directions, isReachedBy, progressTowards } from './target.ts';

describe('the progress towards a target', () => {
  it.each([
    { direction: 'at-least', target: 100, values: [-50, 0, 25, 100, 150], progress: [-0.5, 0, 0.25, 1, 1.5] },
    {
      direction: 'at-least',
      target: -10,
      values: [-30, -20, -15, -10, -5, 0],
      progress: [-1, 0, 0.5, 1, 1.5, 2],
    },
    {
      direction: 'at-most',
      target: 10,
      values: [30, 20, 15, 10, 5, 0, -10],
      progress: [-1, 0, 0.5, 1, 1.5, 2, 3],
    },
    { direction: 'at-most', target: -10, values: [10, 0, -5, -10, -20], progress: [-1, 0, 0.5, 1, 2] },
  ] as const)(
    'of $direction $target grows towards 1 and beyond',
    ({ direction, target, values, progress }) => {
      expect(values.map((value) => progressTowards({ value: target, direction }, value))).toEqual(progress);
      expect(values.map((value) => isReachedBy({ value: target, direction }, value))).toEqual(
        progress.map((one) => one >= 1),
      );
    },
  );

  it('is at least 1 exactly if the target is reached', () => {
    const number = fc.integer({ min: -1_000, max: 1_000 });
    fc.assert(
      fc.property(number, number, fc.constantFrom(undefined, ...directions), (target, value, direction) => {
        const goal = { value: target, direction };
        const progress = progressTowards(goal, value);
        if (target === 0) expect(progress).toBeUndefined();
        else expect((progress ?? Number.NaN) >= 1).toBe(isReachedBy(goal, value));
      }),
    );
  });

  it('is undefined if it is not a finite number', () => {
    for (const direction of directions) {
      for (const [value, current] of [
        [0, 0],
        [0, 1],
        [-0, -1],
        [1e-300, 1e300],
        [-1e-300, 1e300],
      ] as const) {
        expect(progressTowards({ value, direction }, current)).toBeUndefined();
      }
    }
  });
});
