/** A picture in shades of gray, one byte a pixel, row by row: 0 is black, 255 is white. */
export interface GrayPicture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** The picture turned clockwise by `quarters` of a full turn. */
export function turned(picture: GrayPicture, quarters: number): GrayPicture {
  const { width, height, pixels } = picture;
  if (quarters % 4 === 0) return picture;
  const isOnSide = quarters % 2 === 1;
  const result = { width: isOnSide ? height : width, height: isOnSide ? width : height };
  const turnedPixels = new Uint8Array(pixels.length);
  // Where the first pixel comes from, and the steps in the source for a step right and a step down.
  const [start, right, down] = (
    {
      1: [(height - 1) * width, -width, 1],
      2: [width * height - 1, -1, -width],
      3: [width - 1, width, -1],
    } as const
  )[(quarters % 4) as 1 | 2 | 3];
  let to = 0;
  for (let y = 0; y < result.height; y += 1) {
    let from = start + y * down;
    for (let x = 0; x < result.width; x += 1) {
      turnedPixels[to] = pixels[from] as number;
      to += 1;
      from += right;
    }
  }
  return { ...result, pixels: turnedPixels };
}

/** Mirrored from left to right. */
export function mirrored({ width, height, pixels }: GrayPicture): GrayPicture {
  const result = Uint8Array.from(pixels);
  for (let y = 0; y < height; y += 1) result.subarray(y * width, (y + 1) * width).reverse();
  return { width, height, pixels: result };
}

/** The picture rotated counter-clockwise by a small angle in radians, with white corners. Its size stays. */
export function rotated({ width, height, pixels }: GrayPicture, angle: number): GrayPicture {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const result = new Uint8Array(pixels.length).fill(255);
  let to = 0;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [dx, dy] = [x - width / 2, y - height / 2];
      const fromX = dx * cos + dy * sin + width / 2;
      const fromY = dy * cos - dx * sin + height / 2;
      result[to] = sampled(width, height, pixels, fromX, fromY);
      to += 1;
    }
  }
  return { width, height, pixels: result };
}

/** The picture in another size. A larger one is interpolated; in a smaller one each pixel is the average of those it covers. */
export function scaled(picture: GrayPicture, factor: number): GrayPicture {
  return factor < 1 ? shrunk(picture, factor) : enlarged(picture, factor);
}

function enlarged({ width, height, pixels }: GrayPicture, factor: number): GrayPicture {
  const result = sized(width * factor, height * factor);
  let to = 0;
  for (let y = 0; y < result.height; y += 1) {
    for (let x = 0; x < result.width; x += 1) {
      const [fromX, fromY] = [(x + 0.5) / factor - 0.5, (y + 0.5) / factor - 0.5];
      result.pixels[to] = sampled(width, height, pixels, clamp(fromX, width), clamp(fromY, height));
      to += 1;
    }
  }
  return result;
}

function shrunk({ width, height, pixels }: GrayPicture, factor: number): GrayPicture {
  const result = sized(width * factor, height * factor);
  for (let y = 0; y < result.height; y += 1) {
    const [top, bottom] = span(y, factor, height);
    for (let x = 0; x < result.width; x += 1) {
      const [left, right] = span(x, factor, width);
      let sum = 0;
      for (let row = top; row < bottom; row += 1) {
        for (let at = row * width + left; at < row * width + right; at += 1) sum += pixels[at] as number;
      }
      result.pixels[y * result.width + x] = sum / ((bottom - top) * (right - left));
    }
  }
  return result;
}

/** The pixels of the source that a pixel of a smaller picture covers, at least one. */
function span(at: number, factor: number, length: number): [from: number, to: number] {
  const from = Math.min(length - 1, Math.floor(at / factor));
  return [from, Math.max(from + 1, Math.min(length, Math.floor((at + 1) / factor)))];
}

function sized(width: number, height: number): GrayPicture {
  const [columns, rows] = [Math.max(1, Math.round(width)), Math.max(1, Math.round(height))];
  return { width: columns, height: rows, pixels: new Uint8Array(columns * rows) };
}

function clamp(at: number, length: number): number {
  return Math.min(length - 1, Math.max(0, at));
}

/** The brightness at a point between pixels. White outside. */
function sampled(width: number, height: number, pixels: Uint8Array, x: number, y: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  if (left < 0 || top < 0 || left >= width || top >= height) return 255;
  const [right, below] = [Math.min(left + 1, width - 1), Math.min(top + 1, height - 1)];
  const [across, along] = [x - left, y - top];
  const upper =
    (pixels[top * width + left] as number) * (1 - across) + (pixels[top * width + right] as number) * across;
  const lower =
    (pixels[below * width + left] as number) * (1 - across) +
    (pixels[below * width + right] as number) * across;
  return upper * (1 - along) + lower * along;
}
