import type { Box } from './matrix.ts';

/** A part of a path that is drawn without a break, in the path's own coordinates. */
export interface Shape {
  readonly corners: readonly [left: number, bottom: number, right: number, top: number];
  /** It is more than a frame or a rule: it has curves, slanted lines or many corners. */
  readonly isDrawing: boolean;
}

/** pdf.js's numbers in the data of a path, with how many coordinates follow. */
const coordinates = [2, 2, 6, 4, 0];
const moveTo = 0;
const curves = [2, 3];
/** A rectangle that is closed by a line has so many points. */
const framePoints = 5;

/** The shapes of a path, as pdf.js lists it. A letter is a shape or two; a line of letters may be one path. */
export function shapesOf(data: Float32Array): Shape[] {
  const shapes: Shape[] = [];
  let points: [number, number][] = [];
  let isDrawing = false;
  const end = () => {
    const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
    const corners = [least(xs), least(ys), most(xs), most(ys)] as const;
    if (points.length > 1) shapes.push({ corners, isDrawing: isDrawing || points.length > framePoints });
    points = [];
    isDrawing = false;
  };
  for (let at = 0; at < data.length; ) {
    const kind = data[at] ?? 0;
    if (kind === moveTo) end();
    const next = at + 1 + (coordinates[kind] ?? 0);
    const [fromX, fromY] = points.at(-1) ?? [];
    for (let number = at + 1; number < next; number += 2)
      points.push([data[number] ?? 0, data[number + 1] ?? 0]);
    const [x, y] = points.at(-1) ?? [];
    isDrawing ||= curves.includes(kind) || (fromX !== undefined && fromX !== x && fromY !== y);
    at = next;
  }
  end();
  return shapes;
}

const least = (numbers: readonly number[]) => numbers.reduce((a, b) => Math.min(a, b), Infinity);
const most = (numbers: readonly number[]) => numbers.reduce((a, b) => Math.max(a, b), -Infinity);

/** Of a letter, in points, and its greatest width, in heights. */
const letterMinPt = 3;
const letterMaxPt = 40;
const letterMaxWidth = 1.6;

/** True if a box is as large as a letter of print. */
export function hasLetterSize({ left, top, right, bottom }: Box): boolean {
  const height = bottom - top;
  return height >= letterMinPt && height <= letterMaxPt && right - left <= letterMaxWidth * height;
}

/** So many letters beside each other are a word. */
const wordMin = 4;
/** More shapes on a page are text without characters, whatever their places. */
const shapesMax = 100;
/** Of letters of a word: how far apart their lower edges and their sides are at most, in heights of the higher one. */
const sameBase = 0.4;
const gapMax = 1.2;

/** True if there is a row of shapes as large as letters: a word in outlines, or in handwriting. */
export function hasDrawnWord(letters: readonly Box[]): boolean {
  if (letters.length > shapesMax) return true;
  const rows: { last: Box; count: number }[] = [];
  for (const letter of letters.toSorted((a, b) => a.left - b.left)) {
    const row = rows.find(({ last }) => isBeside(letter, last));
    if (!row) rows.push({ last: letter, count: 1 });
    // The inner edge of a letter, as of an o, is no other letter.
    else if (letter.left > (row.last.left + row.last.right) / 2) {
      row.last = letter;
      row.count += 1;
    }
  }
  return rows.some(({ count }) => count >= wordMin);
}

function isBeside(letter: Box, last: Box): boolean {
  const height = Math.max(letter.bottom - letter.top, last.bottom - last.top);
  return (
    Math.abs(letter.bottom - last.bottom) <= sameBase * height && letter.left - last.right <= gapMax * height
  );
}
