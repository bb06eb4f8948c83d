import { areaOf, type Box, intersection } from './matrix.ts';
import type { PageContent } from './page-content.ts';
import { canHoldText } from './page-images.ts';

/** Scans are somewhat larger than their page. Less than this hides no line of text, in points. */
const edgePt = 4;
/** Smaller areas hide nothing, in square points. */
const coverMinArea = 0.5;

/** True if a box is larger than the part of it that is shown. */
export function exceeds(whole: Box, shown: Box): boolean {
  return (
    shown.left - whole.left > edgePt ||
    shown.top - whole.top > edgePt ||
    whole.right - shown.right > edgePt ||
    whole.bottom - shown.bottom > edgePt
  );
}

/**
 * True if people see less of a picture than its pixels have: it is cut, or something is painted over it. Its text is read from
 * all of its pixels, so it may have words that nobody sees. Pictures over it count with their own pixels.
 */
export function hasCoveredImage({ images, areas }: PageContent): boolean {
  const fills = areas.filter(({ isPicture }) => !isPicture);
  return images
    .filter(canHoldText)
    .some(
      ({ isCut, box, order }) =>
        isCut ||
        fills.some((fill) => fill.order > order && areaOf(intersection(fill.box, box)) > coverMinArea),
    );
}
