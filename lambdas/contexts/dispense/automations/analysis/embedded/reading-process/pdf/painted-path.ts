import type { Box } from './matrix.ts';

/** pdf.js's numbers of the operators that fill a path: fill, eoFill and those that stroke it too. */
const fillingOperators: readonly number[] = [22, 23, 24, 25, 26, 27];

/** Of those that stroke it: stroke, closeStroke, and those that fill it too. */
const strokingOperators: readonly number[] = [20, 21, 24, 25, 26, 27];

/** pdf.js's numbers in the data of a path, with how many coordinates follow. */
const coordinates = [2, 2, 6, 4, 0];
const curves = [2, 3];

/** Of a letter, in points. */
const letterMinPt = 3;
const letterMaxPt = 40;

/** True if the operator fills the path, so that it hides what is below. */
export function isFilling(operator: number): boolean {
  return fillingOperators.includes(operator);
}

/** True if a path has curves, as most letters have. */
export function isCurved(data: Float32Array): boolean {
  for (let at = 0; at < data.length; ) {
    const kind = data[at] ?? 0;
    if (curves.includes(kind)) return true;
    at += 1 + (coordinates[kind] ?? 0);
  }
  return false;
}

/** True if a box is as high as a letter of print. */
export function hasLetterSize({ top, bottom }: Box): boolean {
  return bottom - top >= letterMinPt && bottom - top <= letterMaxPt;
}

/** True if the operator draws the path's line. */
export function isStroking(operator: number): boolean {
  return strokingOperators.includes(operator);
}

const ruleMaxHeightPt = 1.5;
const ruleMinWidthPt = 6;

/** True for a horizontal line. One through the middle of a text strikes it out. */
export function isRule({ left, top, right, bottom }: Box): boolean {
  return bottom - top <= ruleMaxHeightPt && right - left >= ruleMinWidthPt;
}

/** The box of a drawn line: the box of its path has no height. */
export function thickened({ left, top, right, bottom }: Box): Box {
  return { left, right, top: top - 1, bottom: bottom + 1 };
}
