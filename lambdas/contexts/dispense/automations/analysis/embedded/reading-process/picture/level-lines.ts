import type { GrayPicture } from './gray-picture.ts';

/** True if the lines of text run from side to side: then the ink of rows differs more than that of columns. */
export function hasLevelLines({ width, height, pixels }: GrayPicture): boolean {
  const rows = new Float64Array(height);
  const columns = new Float64Array(width);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const ink = 255 - (pixels[y * width + x] as number);
      rows[y] = (rows[y] as number) + ink / width;
      columns[x] = (columns[x] as number) + ink / height;
    }
  }
  return unevenness(rows) >= unevenness(columns);
}

/** The average difference of neighbours. */
function unevenness(values: Float64Array): number {
  let sum = 0;
  for (let at = 1; at < values.length; at += 1) {
    sum += ((values[at] as number) - (values[at - 1] as number)) ** 2;
  }
  return sum / Math.max(1, values.length - 1);
}
