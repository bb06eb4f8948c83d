import type { GrayPicture } from '../picture/gray-picture.ts';

/** An image of a PDF in shades of gray, and how much of it covers what is below: 0 is nothing, 255 is all. */
export interface Layer {
  readonly gray: GrayPicture;
  /** Undefined: it covers everything. */
  readonly cover: GrayPicture | undefined;
}

/** An image as pdf.js decodes it. */
export interface DecodedImage {
  readonly width: number;
  readonly height: number;
  readonly kind?: number;
  readonly data?: Uint8Array | Uint8ClampedArray | null;
}

/** pdf.js's numbers of the kinds of images. */
const bitsKind = 1;
const channels: Readonly<Record<number, number>> = { 2: 3, 3: 4 };

/** Undefined if the image has pixels in no form that is known, or not all of them. `inkBrightness`: it is a stencil with such ink. */
export function layerOf(image: DecodedImage, inkBrightness: number | undefined): Layer | undefined {
  const { width, height, kind, data } = image;
  if (!data || isShort(image, inkBrightness !== undefined)) return undefined;
  if (inkBrightness !== undefined) {
    const gray = new Uint8Array(width * height).fill(Math.round(inkBrightness * 255));
    // A bit of 0 is ink.
    return { gray: { width, height, pixels: gray }, cover: bitsOf(width, height, data, 255, 0) };
  }
  if (kind === bitsKind) return { gray: bitsOf(width, height, data, 0, 255), cover: undefined };
  const count = channels[kind ?? 0];
  if (count === undefined) return undefined;
  const gray = new Uint8Array(width * height);
  const cover = count === 4 ? new Uint8Array(width * height) : undefined;
  for (let pixel = 0, at = 0; pixel < gray.length; pixel += 1, at += count) {
    gray[pixel] = ((data[at] ?? 0) * 77 + (data[at + 1] ?? 0) * 151 + (data[at + 2] ?? 0) * 28) >> 8;
    if (cover) cover[pixel] = data[at + 3] ?? 0;
  }
  return { gray: { width, height, pixels: gray }, cover: cover && { width, height, pixels: cover } };
}

/** The least share of rows that are missing at the end: scans have some black rows at their edge. */
const missingShare = 0.01;
const missingMin = 2;

/** True if the stream of the image ended early. pdf.js does not warn of it. It leaves the rest out, or black. */
function isShort({ width, height, kind, data }: DecodedImage, isStencil: boolean): boolean {
  if (!data) return true;
  const count = isStencil || kind === bitsKind ? undefined : channels[kind ?? 0];
  const rowBytes = count === undefined ? (width + 7) >> 3 : width * count;
  if (data.length < rowBytes * height) return true;
  if (count !== 3) return false;
  const last = data.findLastIndex((byte) => byte !== 0);
  const black = height - 1 - Math.floor(last / rowBytes);
  // An image that is all black is so.
  return last >= 0 && black >= Math.max(missingMin, height * missingShare);
}

/** Rows of bits begin with a byte. */
function bitsOf(
  width: number,
  height: number,
  data: Uint8Array | Uint8ClampedArray,
  zero: number,
  one: number,
): GrayPicture {
  const pixels = new Uint8Array(width * height);
  const rowBytes = (width + 7) >> 3;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const byte = data[y * rowBytes + (x >> 3)] ?? 0;
      pixels[y * width + x] = ((byte >> (7 - (x & 7))) & 1) === 1 ? one : zero;
    }
  }
  return { width, height, pixels };
}
