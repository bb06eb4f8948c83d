import { type GrayPicture, scaled } from '../picture/gray-picture.ts';
import type { Layer } from './image-pixels.ts';
import { areaOf, type Box, boxOf, combined, inverted, type Matrix } from './matrix.ts';

/** An image with its pixels. It fills the unit square of its matrix. */
export interface PaintedLayer extends Layer {
  readonly matrix: Matrix;
}

/** More pixels cost time and add nothing to text. */
const maxPixels = 12e6;
const maxPixelsPerPoint = 400 / 72;

const unitSquare = [0, 0, 1, 1] as const;

/**
 * One picture of all images of a page, as the page shows them: turned, placed beside each other (scanners cut pages into
 * strips) and over each other (they separate text from paper).
 */
export function pagePicture(layers: readonly PaintedLayer[]): GrayPicture {
  const box = layers
    .map(({ matrix }) => boxOf(matrix, unitSquare))
    .reduce((all, one) => ({
      left: Math.min(all.left, one.left),
      top: Math.min(all.top, one.top),
      right: Math.max(all.right, one.right),
      bottom: Math.max(all.bottom, one.bottom),
    }));
  const scale = Math.min(
    Math.max(...layers.map(pixelsPerPoint)),
    maxPixelsPerPoint,
    Math.sqrt(maxPixels / Math.max(1, areaOf(box))),
  );
  const width = Math.max(1, Math.round((box.right - box.left) * scale));
  const height = Math.max(1, Math.round((box.bottom - box.top) * scale));
  const picture = { width, height, pixels: new Uint8Array(width * height).fill(255) };
  const toPicture: Matrix = [scale, 0, 0, scale, -box.left * scale, -box.top * scale];
  for (const layer of layers) paint(picture, reduced(layer, scale), combined(toPicture, layer.matrix));
  return picture;
}

function pixelsPerPoint({ gray, matrix: [a, b, c, d] }: PaintedLayer): number {
  return Math.max(gray.width / (Math.hypot(a, b) || 1), gray.height / (Math.hypot(c, d) || 1));
}

/** Averages what would otherwise be left out. */
function reduced(layer: PaintedLayer, scale: number): Layer {
  const factor = scale / pixelsPerPoint(layer);
  if (factor > 0.75) return layer;
  return { gray: scaled(layer.gray, factor), cover: layer.cover && scaled(layer.cover, factor) };
}

/** `matrix`: from the unit square to the picture. The first row of an image is at the top of its unit square, y = 1. */
function paint(picture: GrayPicture, { gray, cover }: Layer, matrix: Matrix): void {
  const back = inverted(matrix);
  if (!back) return;
  const [a, b, c, d, e, f] = back;
  const { left, top, right, bottom } = clipped(boxOf(matrix, unitSquare), picture);
  for (let y = top; y < bottom; y += 1) {
    for (let x = left; x < right; x += 1) {
      const [atX, atY] = [x + 0.5, y + 0.5];
      const column = Math.floor((a * atX + c * atY + e) * gray.width);
      const row = Math.floor((1 - (b * atX + d * atY + f)) * gray.height);
      if (column < 0 || row < 0 || column >= gray.width || row >= gray.height) continue;
      const from = row * gray.width + column;
      const share = cover ? (cover.pixels[from] as number) / 255 : 1;
      const to = y * picture.width + x;
      picture.pixels[to] =
        (gray.pixels[from] as number) * share + (picture.pixels[to] as number) * (1 - share);
    }
  }
}

function clipped(box: Box, { width, height }: GrayPicture): Box {
  return {
    left: Math.max(0, Math.floor(box.left)),
    top: Math.max(0, Math.floor(box.top)),
    right: Math.min(width, Math.ceil(box.right)),
    bottom: Math.min(height, Math.ceil(box.bottom)),
  };
}
