import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { exifOrientation } from './exif-orientation.ts';

const bytes16 = (value: number, isLittle: boolean) => {
  const bytes = [value >> 8, value & 0xff];
  return isLittle ? bytes.reverse() : bytes;
};
const bytes32 = (value: number, isLittle: boolean) => {
  const bytes = [0, 0, value >> 8, value & 0xff];
  return isLittle ? bytes.reverse() : bytes;
};

/** A JPEG whose EXIF data have a tag before the orientation. */
function jpegOf(orientation: number, isLittle: boolean): Uint8Array {
  const entry = (tag: number, value: number) => [
    ...bytes16(tag, isLittle),
    ...bytes16(3, isLittle),
    ...bytes32(1, isLittle),
    ...bytes16(value, isLittle),
    0,
    0,
  ];
  const tiff = [
    ...(isLittle ? [0x49, 0x49] : [0x4d, 0x4d]),
    ...bytes16(42, isLittle),
    ...bytes32(8, isLittle),
    ...bytes16(2, isLittle),
    ...entry(0x0100, 7),
    ...entry(0x0112, orientation),
  ];
  const content = [...Buffer.from('Exif\0\0'), ...tiff];
  const comment = [0xff, 0xfe, 0, 3, 1];
  return Uint8Array.from([
    0xff,
    0xd8,
    ...comment,
    0xff,
    0xe1,
    ...bytes16(content.length + 2, false),
    ...content,
  ]);
}

describe('the orientation of a JPEG', () => {
  it.each([
    [1, false, 0],
    [2, true, 0],
    [3, false, 2],
    [4, true, 2],
    [5, true, 3],
    [6, false, 1],
    [7, true, 1],
    [8, false, 3],
    [0, false, 0],
    [9, false, 0],
  ])('%d means: mirrored %s, then turned by %d quarters', (value, isMirrored, quarters) => {
    for (const isLittle of [true, false]) {
      expect(exifOrientation(jpegOf(value, isLittle))).toEqual({ isMirrored, quarters });
    }
  });

  it('is upright for any other bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (tail) => {
        const jpeg = jpegOf(6, true);
        const cut = Uint8Array.from([...jpeg.subarray(0, 20), ...tail]);
        expect(exifOrientation(cut)).toMatchObject({ quarters: expect.any(Number) });
        expect(exifOrientation(tail)).toEqual({ isMirrored: false, quarters: 0 });
      }),
    );
  });
});
