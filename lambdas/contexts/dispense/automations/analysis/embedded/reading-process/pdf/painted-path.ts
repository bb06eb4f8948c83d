import type { Box } from './matrix.ts';

/** pdf.js's numbers of the operators that fill a path: fill, eoFill and those that stroke it too. */
const fillingOperators: readonly number[] = [22, 23, 24, 25, 26, 27];

/** Of those that stroke it: stroke, closeStroke, and those that fill it too. */
const strokingOperators: readonly number[] = [20, 21, 24, 25, 26, 27];

/** True if the operator fills the path, so that it hides what is below. */
export function isFilling(operator: number): boolean {
  return fillingOperators.includes(operator);
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
