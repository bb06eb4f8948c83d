import { describe, expect, it } from '@jest/globals';
import { layerOf } from './image-pixels.ts';

const bytes = (length: number, level = 200) => new Uint8Array(length).fill(level);
const endsBlack = () => bytes(3 * 8 * 8).fill(0, 3 * 8 * 4);

describe('the pixels of an image', () => {
  it.each([
    ['bits', { kind: 1, data: bytes(4) }, undefined],
    ['colours', { kind: 2, data: bytes(3 * 8 * 4) }, undefined],
    ['colours that end black', { kind: 2, data: endsBlack() }, undefined],
    ['colours with transparency', { kind: 3, data: bytes(4 * 8 * 4) }, undefined],
    ['a stencil', { data: bytes(4) }, 0],
  ])('are not known if rows are missing: %s', (_kind, image, ink) => {
    expect(layerOf({ width: 8, height: 8, ...image }, ink)).toBeUndefined();
  });

  it.each([
    ['bits', { kind: 1, data: bytes(8) }, undefined],
    ['colours', { kind: 2, data: bytes(3 * 8 * 8) }, undefined],
    ['black', { kind: 2, data: bytes(3 * 8 * 8, 0) }, undefined],
    ['colours with transparency', { kind: 3, data: bytes(4 * 8 * 8) }, undefined],
    ['a stencil', { data: bytes(8) }, 0],
  ])('are known if all are there: %s', (_kind, image, ink) => {
    expect(layerOf({ width: 8, height: 8, ...image }, ink)).toBeDefined();
  });
});
