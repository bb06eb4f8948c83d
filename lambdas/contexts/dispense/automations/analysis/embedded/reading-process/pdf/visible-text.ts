import { areaOf, type Box, contains, type Point } from './matrix.ts';
import type { Area, Glyph, PageContent } from './page-content.ts';
import { isThin, strikes } from './struck-text.ts';

/** The characters of a page that people can see. */
export interface VisibleText {
  readonly glyphs: readonly Glyph[];
  /** There are characters that people cannot see. */
  readonly hasHidden: boolean;
  /** Visible characters stand on a picture that covers most of the page. Their contrast is not known. */
  readonly isOnPagePicture: boolean;
}

/** Smaller print is not meant for people, in points. */
const sizeMinPt = 4;
/** The least difference of brightness between text and paper. */
const contrastMin = 0.2;
const paper = 1;
/** The share of the page of a picture that is the page. */
const pageShare = 0.4;

/** Separates what people can see from what only programs read. */
export function visibleText({ glyphs, areas }: PageContent, page: Box): VisibleText {
  const large = areas.filter(({ box }) => areaOf(box) > sizeMinPt * sizeMinPt);
  const bars = areas.filter(isThin);
  const visible: Glyph[] = [];
  let [hasHidden, isOnPagePicture] = [false, false];
  for (const glyph of glyphs) {
    if (glyph.text.trim() === '') {
      visible.push(glyph);
      continue;
    }
    const ground = bars.some((bar) => strikes(bar, glyph)) ? undefined : groundOf(glyph, large);
    if (ground !== undefined && canBeSeen(glyph, ground)) {
      visible.push(glyph);
      if (ground.isPicture && areaOf(ground.box) >= pageShare * areaOf(page)) isOnPagePicture = true;
    } else hasHidden = true;
  }
  return { glyphs: visible, hasHidden, isOnPagePicture };
}

const plainPaper: Area = {
  box: { left: 0, top: 0, right: 0, bottom: 0 },
  order: 0,
  brightness: paper,
  isPicture: false,
};

/** What is under the character. Undefined if something is over it. */
function groundOf(glyph: Glyph, areas: readonly Area[]): Area | undefined {
  const middle = middleOf(glyph);
  let ground = plainPaper;
  for (const area of areas) {
    if (!contains(area.box, middle)) continue;
    if (area.order > glyph.order) return undefined;
    ground = area;
  }
  return ground;
}

function canBeSeen(glyph: Glyph, { brightness }: Area): boolean {
  if (!glyph.isPainted || glyph.size < sizeMinPt || !contains(glyph.clip, middleOf(glyph))) return false;
  // The brightness of a pattern or a picture is not known.
  if (glyph.brightness === undefined || brightness === undefined) return true;
  return Math.abs(glyph.brightness - brightness) >= contrastMin;
}

/** The middle of a character: a third of its height above its base line. */
function middleOf({ x, y, endX, endY, size }: Glyph): Point {
  const length = Math.hypot(endX - x, endY - y) || 1;
  const [upX, upY] = [(endY - y) / length, -(endX - x) / length];
  return { x: (x + endX) / 2 + (upX * size) / 3, y: (y + endY) / 2 + (upY * size) / 3 };
}
