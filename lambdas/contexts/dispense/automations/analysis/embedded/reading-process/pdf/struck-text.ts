import type { Area, Glyph } from './page-content.ts';

/** A bar is at most so thick, in points and in heights of the font: as thin as the line of a pen. */
const barMaxPt = 4;
const barMaxShare = 0.3;
/** The middle of a bar that strikes a text out, above its base line, in heights of the font. */
const struckFrom = 0.15;
const struckTo = 0.6;
/** A fainter bar below a text cannot be seen. */
const barBrightnessMax = 0.8;

/** True for an area that may be a bar. */
export function isThin({ box: { left, top, right, bottom } }: Area): boolean {
  return Math.min(right - left, bottom - top) <= barMaxPt;
}

/**
 * True if the bar crosses the character where a pen strikes it out, whether it hides the middle of the character or not. Also a bar that
 * was painted before the text strikes it out. Only for text that runs along a side of the page, as such bars do.
 */
export function strikes(bar: Area, glyph: Glyph): boolean {
  const { left, top, right, bottom } = bar.box;
  const { x, y, endX, endY, size } = glyph;
  if (bar.order < glyph.order && (bar.brightness ?? 0) > barBrightnessMax) return false;
  const [alongX, alongY] = [Math.abs(endX - x), Math.abs(endY - y)];
  const runsAcross = alongX >= alongY;
  const [thickness, begin, end] = runsAcross ? [bottom - top, left, right] : [right - left, top, bottom];
  const middle = runsAcross ? (x + endX) / 2 : (y + endY) / 2;
  if (thickness <= 0 || thickness > barMaxShare * size || middle < begin || middle > end) return false;
  // The page grows downwards: above text that runs to the right is less.
  const above = runsAcross
    ? (y - (top + bottom) / 2) * Math.sign(endX - x)
    : ((left + right) / 2 - x) * Math.sign(endY - y);
  return above >= struckFrom * size && above <= struckTo * size;
}
