import type { GrayPicture } from './gray-picture.ts';

/** The side of the squares whose paper is measured, in pixels. Larger than letters. */
const tilePx = 64;
/** The share of the pixels of a square that are as bright as its paper, or less bright. */
const paperShare = 0.8;
/** What is darker than this share of the brightest paper is no paper in shadow. */
const shadowMin = 0.35;
/** Less difference of the paper's brightness is no shadow. */
const evenShare = 0.85;
/** A picture whose paper is darker has bright letters on dark ground. */
const brightPaper = 100;
const whitePaper = 245;

/** The picture without its shadows: paper has one brightness. A picture with even light is returned as it is. */
export function withEvenLight(picture: GrayPicture): GrayPicture {
  const columns = Math.ceil(picture.width / tilePx);
  const rows = Math.ceil(picture.height / tilePx);
  const papers = Array.from({ length: columns * rows }, (_, index) =>
    paperOf(picture, (index % columns) * tilePx, Math.floor(index / columns) * tilePx),
  );
  const sorted = papers.toSorted((a, b) => a - b);
  const brightest = sorted[Math.floor(sorted.length * 0.95)] ?? 0;
  const dark = sorted[Math.floor(sorted.length * 0.05)] ?? 0;
  if (brightest < brightPaper || dark > evenShare * brightest) return picture;
  const limited = papers.map((paper) => Math.max(paper, shadowMin * brightest));
  return lit(picture, limited, columns, rows);
}

/** The brightness of the paper in a square. */
function paperOf({ width, height, pixels }: GrayPicture, left: number, top: number): number {
  const counts = new Uint32Array(256);
  const [right, bottom] = [Math.min(width, left + tilePx), Math.min(height, top + tilePx)];
  for (let y = top; y < bottom; y += 1) {
    for (let at = y * width + left; at < y * width + right; at += 1) {
      const level = pixels[at] as number;
      counts[level] = (counts[level] as number) + 1;
    }
  }
  let left80 = (right - left) * (bottom - top) * paperShare;
  let level = 0;
  for (; level < 255 && left80 > 0; level += 1) left80 -= counts[level] as number;
  return level;
}

/** Divides each pixel by the paper around it: interpolated between the middles of the squares. */
function lit(
  { width, height, pixels }: GrayPicture,
  papers: readonly number[],
  columns: number,
  rows: number,
): GrayPicture {
  const result = new Uint8Array(pixels.length);
  for (let y = 0; y < height; y += 1) {
    const [upper, lower, along] = neighbours(y, rows);
    for (let x = 0; x < width; x += 1) {
      const [left, right, across] = neighbours(x, columns);
      const at = (row: number, column: number) => papers[row * columns + column] as number;
      const above = at(upper, left) * (1 - across) + at(upper, right) * across;
      const below = at(lower, left) * (1 - across) + at(lower, right) * across;
      const paper = above * (1 - along) + below * along;
      result[y * width + x] = Math.min(255, ((pixels[y * width + x] as number) * whitePaper) / paper);
    }
  }
  return { width, height, pixels: result };
}

/** The two squares with the nearest middles, and how far the pixel is from the first to the second. */
function neighbours(at: number, count: number): [first: number, second: number, share: number] {
  const place = (at + 0.5) / tilePx - 0.5;
  const first = Math.min(count - 1, Math.max(0, Math.floor(place)));
  const second = Math.min(count - 1, first + 1);
  return [first, second, Math.min(1, Math.max(0, place - first))];
}
