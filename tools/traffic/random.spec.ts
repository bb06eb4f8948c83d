import { describe, expect, it } from '@jest/globals';
import { seededRandom } from './random.ts';

const numbers = (seed: number) => {
  const random = seededRandom(seed);
  return Array.from({ length: 1_000 }, () => random.next());
};

describe('seededRandom', () => {
  it('gives the same numbers for the same seed, and others for another', () => {
    expect(numbers(42)).toEqual(numbers(42));
    expect(numbers(42)).not.toEqual(numbers(43));
  });

  it('spreads evenly over [0, 1)', () => {
    const drawn = numbers(1);
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...drawn)).toBeLessThan(1);
    const mean = drawn.reduce((sum, number) => sum + number, 0) / drawn.length;
    expect(mean).toBeGreaterThan(0.45);
    expect(mean).toBeLessThan(0.55);
  });

  it('draws by weight, and never an item of weight 0', () => {
    const random = seededRandom(7);
    const drawn = Array.from({ length: 1_000 }, () =>
      random.weighted([
        ['often', 9],
        ['never', 0],
        ['seldom', 1],
      ]),
    );
    const often = drawn.filter((item) => item === 'often').length;
    expect(drawn).not.toContain('never');
    expect(often).toBeGreaterThan(850);
    expect(often).toBeLessThan(950);
  });

  it('refuses to choose from no items', () => {
    expect(() => seededRandom(1).weighted([])).toThrow(RangeError);
  });
});
