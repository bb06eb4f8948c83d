import { describe, expect, it } from '@jest/globals';
import type { GrayPicture } from '../picture/gray-picture.ts';
import { layerOf } from './image-pixels.ts';
import type { Matrix } from './matrix.ts';
import { type PaintedLayer, pagePicture } from './page-picture.ts';

/** Two rows of two pixels: black and white, then gray and white. */
const pixels = { width: 2, height: 2, pixels: Uint8Array.from([0, 255, 100, 255]) };
const rowsOf = ({ width, height, pixels: all }: GrayPicture) =>
  Array.from({ length: height }, (_, y) => [...all.subarray(y * width, (y + 1) * width)]);
const layer = (matrix: Matrix, more: Partial<PaintedLayer> = {}): PaintedLayer => ({
  gray: pixels,
  cover: undefined,
  matrix,
  ...more,
});

describe('the picture of a page', () => {
  it('has an image as the page shows it: a matrix turns and mirrors it', () => {
    // The page grows downwards, so an upright image has a negative height.
    expect(rowsOf(pagePicture([layer([2, 0, 0, -2, 10, 12])]))).toEqual([
      [0, 255],
      [100, 255],
    ]);
    expect(rowsOf(pagePicture([layer([0, 2, 2, 0, 10, 10])]))).toEqual([
      [100, 0],
      [255, 255],
    ]);
  });

  it('has images beside each other', () => {
    const picture = pagePicture([layer([2, 0, 0, -2, 0, 2]), layer([2, 0, 0, -2, 0, 4])]);
    expect(rowsOf(picture)).toEqual([
      [0, 255],
      [100, 255],
      [0, 255],
      [100, 255],
    ]);
  });

  it('has the later image over the earlier one, where it covers', () => {
    const ink = layerOf({ width: 2, height: 2, data: Uint8Array.from([0b01000000, 0b11000000]) }, 0);
    if (!ink) throw new Error('The stencil has pixels.');
    const white = { width: 2, height: 2, pixels: new Uint8Array(4).fill(255) };
    const matrix: Matrix = [2, 0, 0, -2, 0, 2];
    expect(rowsOf(pagePicture([layer(matrix, { gray: white }), { ...ink, matrix }]))).toEqual([
      [0, 255],
      [255, 255],
    ]);
  });

  it('is limited, whatever the page claims', () => {
    const { width, height } = pagePicture([layer([1e6, 0, 0, -1e6, 0, 1e6])]);
    expect(width * height).toBeLessThan(13e6);
    expect(pagePicture([layer([0, 0, 0, 0, 0, 0])])).toMatchObject({ width: 1, height: 1 });
  });
});

describe('an image', () => {
  it.each([
    ['bits', { kind: 1, data: Uint8Array.from([0b01000000]) }, [0, 255], undefined],
    ['colours', { kind: 2, data: Uint8Array.from([0, 0, 0, 255, 255, 255]) }, [0, 255], undefined],
    ['colours with cover', { kind: 3, data: Uint8Array.from([0, 0, 0, 255, 9, 9, 9, 0]) }, [0, 9], [255, 0]],
  ])('of %s has shades of gray', (_what, image, gray, cover) => {
    const read = layerOf({ width: 2, height: 1, ...image }, undefined);
    expect(read && [...read.gray.pixels]).toEqual(gray);
    expect(read?.cover && [...read.cover.pixels]).toEqual(cover);
  });

  it('of another kind or without pixels is none', () => {
    expect(layerOf({ width: 1, height: 1, kind: 9, data: new Uint8Array(9) }, undefined)).toBeUndefined();
    expect(layerOf({ width: 1, height: 1, kind: 2, data: null }, undefined)).toBeUndefined();
  });
});
