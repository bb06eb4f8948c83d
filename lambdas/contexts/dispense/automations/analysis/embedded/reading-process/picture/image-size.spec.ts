import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PNG } from 'pngjs';
import { imageSize } from './image-size.ts';

const startOfImage = [0xff, 0xd8];
const comment = [0xff, 0xfe, 0, 4, 1, 2];
const frame = (marker: number) => [0xff, marker, 0, 11, 8, 0x01, 0x02, 0x03, 0x04, 1, 0, 0, 0];

describe('the size of an image', () => {
  it('is in the header of a PNG', () => {
    const png = PNG.sync.write(new PNG({ width: 300, height: 7 }));
    expect(imageSize(png)).toEqual({ width: 300, height: 7 });
  });

  it.each([0xc0, 0xc1, 0xc2])('is in the frame header %i of a JPEG, after other segments', (marker) => {
    const jpeg = Uint8Array.from([...startOfImage, ...comment, ...frame(0xc4), 0xff, ...frame(marker)]);
    expect(imageSize(jpeg)).toEqual({ width: 0x0304, height: 0x0102 });
  });

  it.each([
    ['a marker without a length', [0xff, 0x01]],
    ['a restart marker', [0xff, 0xd0]],
    ['another start', [0xff, 0xd8]],
    ['bytes that are no marker', [1, 2, 3]],
    ['the scan of a smaller frame', [...frame(0xc0), 0xff, 0xda, 0, 2, 9, 9, 0xff, 0, 9]],
  ])('is not hidden by %s', (_what, before) => {
    const large = [0xff, 0xc1, 0, 11, 8, 0xff, 0xdc, 0xff, 0xdc, 1, 0, 0, 0];
    const size = imageSize(Uint8Array.from([...startOfImage, ...before, ...large]));
    expect(size).toEqual({ width: 0xffdc, height: 0xffdc });
  });

  it.each([
    ['nothing', []],
    ['a JPEG that ends early', [...startOfImage, ...comment]],
    ['a JPEG without a marker', [...startOfImage, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ['half a PNG header', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0]],
  ])('is not in %s', (_, bytes) => {
    expect(imageSize(Uint8Array.from(bytes))).toBeUndefined();
  });

  it('is searched in any bytes, and the search ends without an error', () => {
    const tails = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc
        .array(fc.constantFrom(0xff, 0xd8, 0xc4, 0, 1), { maxLength: 300 })
        .map((all) => Uint8Array.from(all)),
    );
    fc.assert(
      fc.property(fc.boolean(), tails, (isJpeg, tail) => {
        const size = imageSize(Uint8Array.from([...(isJpeg ? startOfImage : []), ...tail]));
        if (size !== undefined) expect(Object.keys(size).sort()).toEqual(['height', 'width']);
      }),
    );
  });
});
