import { writeFileSync } from 'node:fs';
import { PNG } from 'pngjs';
import { columnsOf, fontRows } from './pixel-font.fixture.ts';

export interface PhotoOptions {
  /** The same seed makes the same picture, byte for byte (default 1). */
  readonly seed?: number;
  /** Clockwise (default 1.2). */
  readonly rotationDegrees?: number;
  /** Largest change that noise makes to a pixel's brightness of 0 to 255 (default 24). */
  readonly noise?: number;
}

const pixelsPerDot = 5;
const marginPx = 60;
const lineDots = fontRows + 5;
const paperBrightness = 232;
const inkBrightness = 45;
const specksPerMegapixel = 120;

/** A prescription for two drugs, with the noise that real ones have around them. */
export const prescriptionLines = [
  'Riverside Medical Practice',
  'Dr. Helen Moore  12 Mill Lane',
  'Patient: Jane Sample   Born: 1980-05-17',
  '',
  'Amoxicillin 500 mg capsules  Qty: 21',
  'Take 1 capsule three times daily for 7 days',
  '',
  'Ibuprofen 400 mg tablets  Qty: 30',
  'Take 1 tablet every 8 hours with food',
] as const;

/** A picture of lines of text as a phone would take it: turned a little, unevenly lit, with grain and specks. PNG. */
export function photoOf(lines: readonly string[], options: PhotoOptions = {}): Buffer {
  const { seed = 1, rotationDegrees = 1.2, noise = 24 } = options;
  const random = randomOf(seed);
  const rows = lines.map(columnsOf);
  const width = Math.max(...rows.map(({ length }) => length)) * pixelsPerDot + 2 * marginPx;
  const height = lines.length * lineDots * pixelsPerDot + 2 * marginPx;
  const angle = (-rotationDegrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const png = new PNG({ width, height, colorType: 2 });
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [fromX, fromY] = [x - width / 2, y - height / 2];
      const dotX = (fromX * cos - fromY * sin + width / 2 - marginPx) / pixelsPerDot;
      const dotY = (fromX * sin + fromY * cos + height / 2 - marginPx) / pixelsPerDot;
      const light = paperBrightness - 30 * (x / width) - 15 * (y / height);
      const brightness = light + (inkBrightness - light) * inkAt(rows, dotX, dotY);
      paint(png, x, y, brightness + (random() - 0.5) * 2 * noise);
    }
  }
  addSpecks(png, random);
  return PNG.sync.write(png);
}

/** How much ink is at a point between the dots, from 0 to 1: dots run into each other, as ink does. */
function inkAt(rows: readonly (readonly number[])[], x: number, y: number): number {
  const [left, top] = [Math.floor(x - 0.5), Math.floor(y - 0.5)];
  const [right, bottom] = [x - 0.5 - left, y - 0.5 - top];
  const ink =
    dot(rows, left, top) * (1 - right) * (1 - bottom) +
    dot(rows, left + 1, top) * right * (1 - bottom) +
    dot(rows, left, top + 1) * (1 - right) * bottom +
    dot(rows, left + 1, top + 1) * right * bottom;
  return Math.min(1, Math.max(0, (ink - 0.25) * 3));
}

function dot(rows: readonly (readonly number[])[], x: number, y: number): 0 | 1 {
  const bit = y % lineDots;
  if (x < 0 || y < 0 || bit >= fontRows) return 0;
  const column = rows[Math.floor(y / lineDots)]?.[x] ?? 0;
  return ((column >> bit) & 1) === 1 ? 1 : 0;
}

function addSpecks(png: PNG, random: () => number): void {
  const { width, height } = png;
  for (let left = (width * height * specksPerMegapixel) / 1e6; left > 0; left -= 1) {
    const [x, y] = [Math.floor(random() * width), Math.floor(random() * height)];
    paint(png, x, y, inkBrightness + random() * 90);
  }
}

/** Paper is a little yellow. */
function paint(png: PNG, x: number, y: number, brightness: number): void {
  const at = (y * png.width + x) * 4;
  const value = Math.min(255, Math.max(0, Math.round(brightness)));
  png.data[at] = value;
  png.data[at + 1] = value;
  png.data[at + 2] = Math.max(0, value - 14);
  png.data[at + 3] = 255;
}

/** Numbers from 0 to below 1 (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

if (import.meta.main) {
  const [, , file = 'prescription.png'] = process.argv;
  writeFileSync(file, photoOf(prescriptionLines));
}
