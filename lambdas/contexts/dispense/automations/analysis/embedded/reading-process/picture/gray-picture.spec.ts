import { describe, expect, it } from '@jest/globals';
import { type GrayPicture, mirrored, rotated, scaled, turned } from './gray-picture.ts';

const rowsOf = ({ width, height, pixels }: GrayPicture) =>
  Array.from({ length: height }, (_, y) => [...pixels.subarray(y * width, (y + 1) * width)]);
const picture = (rows: number[][]): GrayPicture => ({
  width: rows[0]?.length ?? 0,
  height: rows.length,
  pixels: Uint8Array.from(rows.flat()),
});

const small = picture([
  [1, 2, 3],
  [4, 5, 6],
]);

describe('a picture', () => {
  it('turns clockwise', () => {
    expect(rowsOf(turned(small, 1))).toEqual([
      [4, 1],
      [5, 2],
      [6, 3],
    ]);
    expect(rowsOf(turned(small, 2))).toEqual([
      [6, 5, 4],
      [3, 2, 1],
    ]);
    expect(turned(turned(small, 3), 1)).toEqual(small);
    expect(turned(small, 4)).toBe(small);
  });

  it('is mirrored from left to right', () => {
    expect(rowsOf(mirrored(small))).toEqual([
      [3, 2, 1],
      [6, 5, 4],
    ]);
  });

  it('shrinks to averages, also by no whole number', () => {
    const checks = picture([
      [0, 200, 0, 200],
      [200, 0, 200, 0],
    ]);
    expect(rowsOf(scaled(checks, 0.5))).toEqual([[100, 100]]);
    const shrunk = scaled(picture([[10, 20, 30, 40, 50]]), 0.6);
    expect([shrunk.width, shrunk.height]).toEqual([3, 1]);
  });

  it('grows between its pixels', () => {
    expect(rowsOf(scaled(picture([[0, 100]]), 2))[0]).toEqual([0, 25, 75, 100]);
  });

  it('rotated by an angle has its rising line level', () => {
    const rising = { width: 101, height: 101, pixels: new Uint8Array(101 * 101).fill(255) };
    for (let x = 10; x < 90; x += 1) rising.pixels[Math.round(50 - (x - 50) * 0.2) * 101 + x] = 0;
    const level = rowsOf(rotated(rising, Math.atan(0.2)));
    const inked = level.filter((row) => row.some((pixel) => pixel < 200));
    expect(inked.length).toBeLessThanOrEqual(4);
    expect(level[5]?.[5]).toBe(255);
  });
});
