import { describe, expect, it } from '@jest/globals';
import { turned } from './gray-picture.ts';
import { hasLevelLines } from './level-lines.ts';

/** Lines of marks, 6 pixels high and 12 apart. */
const page = {
  width: 120,
  height: 60,
  pixels: Uint8Array.from({ length: 120 * 60 }, (_, at) => {
    const [x, y] = [at % 120, Math.floor(at / 120)];
    return y % 12 < 6 && (x * 7 + y) % 5 < 2 ? 0 : 255;
  }),
};

describe('the lines of a page', () => {
  it.each([0, 2])('are level after %d quarter turns', (quarters) => {
    expect(hasLevelLines(turned(page, quarters))).toBe(true);
  });

  it.each([1, 3])('are not level after %d quarter turns', (quarters) => {
    expect(hasLevelLines(turned(page, quarters))).toBe(false);
  });
});
