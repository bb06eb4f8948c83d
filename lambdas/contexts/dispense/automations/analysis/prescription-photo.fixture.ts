import { writeFileSync } from 'node:fs';
import { columnsOf, fontRows } from './pixel-font.fixture.ts';
import { pngOf } from './png.fixture.ts';

/** Options of {@link photoOf}. */
export interface PhotoOptions {
  /** Equal seeds produce equal pictures, byte for byte. Default: 1. */
  readonly seed?: number;
  /** Rotation in degrees, clockwise. Default: -2.5. */
  readonly rotationDegrees?: number;
  /** Largest change of a pixel's brightness (0 to 255) by noise. Default: 24. */
  readonly noise?: number;
}

/** Copied from the global: in Jest every use of a global is slow, and there are many pixels. */
const { cos, floor, imul, max, min, PI, round, sin } = Math;

const pixelsPerDot = 5;
const marginPx = 60;
const lineDots = fontRows + 5;
const paperBrightness = 232;
const inkBrightness = 45;
const specksPerMegapixel = 120;

/** A prescription for two drugs, with the other lines of a real one. */
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

/** A PNG of lines of text like a phone's photo: slightly rotated, unevenly lit, with noise and specks. */
export function photoOf(lines: readonly string[], options: PhotoOptions = {}): Buffer {
  const { seed = 1, rotationDegrees = -2.5, noise = 24 } = options;
  const random = randomOf(seed);
  const rows = lines.map(columnsOf);
  const width = max(...rows.map(({ length }) => length)) * pixelsPerDot + 2 * marginPx;
  const height = lines.length * lineDots * pixelsPerDot + 2 * marginPx;
  const angle = (-rotationDegrees * PI) / 180;
  const [across, along] = [cos(angle), sin(angle)];
  const pixels = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [fromX, fromY] = [x - width / 2, y - height / 2];
      const dotX = (fromX * across - fromY * along + width / 2 - marginPx) / pixelsPerDot;
      const dotY = (fromX * along + fromY * across + height / 2 - marginPx) / pixelsPerDot;
      const light = paperBrightness - 30 * (x / width) - 15 * (y / height);
      const brightness = light + (inkBrightness - light) * inkAt(rows, dotX, dotY);
      paint(pixels, y * width + x, brightness + (random() - 0.5) * 2 * noise);
    }
  }
  for (let specks = (width * height * specksPerMegapixel) / 1e6; specks > 0; specks -= 1) {
    paint(pixels, floor(random() * width * height), inkBrightness + random() * 90);
  }
  return pngOf(width, height, pixels);
}

/** How much ink is at a point, from 0 to 1, interpolated between the dots. */
function inkAt(rows: readonly (readonly number[])[], x: number, y: number): number {
  const [left, top] = [floor(x - 0.5), floor(y - 0.5)];
  const [right, bottom] = [x - 0.5 - left, y - 0.5 - top];
  const ink =
    dot(rows, left, top) * (1 - right) * (1 - bottom) +
    dot(rows, left + 1, top) * right * (1 - bottom) +
    dot(rows, left, top + 1) * (1 - right) * bottom +
    dot(rows, left + 1, top + 1) * right * bottom;
  return min(1, max(0, (ink - 0.25) * 3));
}

function dot(rows: readonly (readonly number[])[], x: number, y: number): 0 | 1 {
  const bit = y % lineDots;
  if (x < 0 || y < 0 || bit >= fontRows) return 0;
  const column = rows[floor(y / lineDots)]?.[x] ?? 0;
  return ((column >> bit) & 1) === 1 ? 1 : 0;
}

/** The colour of paper: slightly yellow. */
function paint(pixels: Uint8Array, index: number, brightness: number): void {
  const value = min(255, max(0, round(brightness)));
  pixels.set([value, value, max(0, value - 14)], index * 3);
}

/** Numbers from 0 to below 1 (mulberry32): the kernel's `seededRandom`, without globals. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

if (import.meta.main) {
  const [, , file = 'prescription.png'] = process.argv;
  writeFileSync(file, photoOf(prescriptionLines));
}
