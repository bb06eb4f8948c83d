import type { GrayPicture } from './gray-picture.ts';

/** The form of the pixels that leptonica decodes: rows of 32-bit words. */
export interface RawPixels {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly samples: number;
  readonly rowBytes: number;
}

/**
 * Shades of gray of pixels in leptonica's memory. A word has its first pixel in its highest bits, and the memory is little
 * endian: bytes are reversed in groups of four.
 */
export function grayOf(raw: Uint8Array, form: RawPixels): GrayPicture {
  const pixels = new Uint8Array(form.width * form.height);
  const convert = { 1: bits, 8: bytes, 32: colours }[form.bits];
  if (!convert) throw new Error(`A decoded picture has ${form.bits} bits a pixel.`);
  convert(raw, form, pixels);
  return { width: form.width, height: form.height, pixels };
}

/** A bit that is set is black. */
function bits(raw: Uint8Array, { width, height, rowBytes }: RawPixels, pixels: Uint8Array): void {
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const byte = raw[y * rowBytes + ((x >> 3) ^ 3)] as number;
      pixels[y * width + x] = ((byte >> (7 - (x & 7))) & 1) === 1 ? 0 : 255;
    }
  }
}

function bytes(raw: Uint8Array, { width, height, rowBytes }: RawPixels, pixels: Uint8Array): void {
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) pixels[y * width + x] = raw[y * rowBytes + (x ^ 3)] as number;
  }
}

/** Red, green, blue and alpha from the highest byte of a word to the lowest. */
function colours(raw: Uint8Array, { width, height, rowBytes, samples }: RawPixels, pixels: Uint8Array): void {
  const hasAlpha = samples === 4;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = y * rowBytes + x * 4;
      const gray =
        ((raw[at + 3] as number) * 77 + (raw[at + 2] as number) * 151 + (raw[at + 1] as number) * 28) >> 8;
      const alpha = hasAlpha ? (raw[at] as number) : 255;
      pixels[y * width + x] = alpha === 255 ? gray : 255 - ((255 - gray) * alpha) / 255;
    }
  }
}
