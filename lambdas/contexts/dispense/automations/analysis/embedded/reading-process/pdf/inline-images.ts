import type { Glyph, PlacedImage } from './page-content.ts';

/** The height of a letter or a point, and the width of a short word, in heights of the font. */
const heightMin = 0.15;
const heightMax = 2;
const widthMax = 5;
/** The gap between the image and the character before it. */
const overlapMax = 0.5;
const gapMax = 1;
/** The parts of the font's height above and below the base line. */
const ascent = 0.9;
const descent = 0.3;

/**
 * True if an image stands in a line of text as a letter does: it may be a digit or a unit. An image at the begin of a line is a
 * bullet, so something has to be before it.
 */
export function hasInlineImage(images: readonly PlacedImage[], glyphs: readonly Glyph[]): boolean {
  const letters = glyphs.filter(({ text }) => text.trim() !== '');
  return images.some((image) => letters.some((letter) => follows(image, letter)));
}

function follows({ box: { left, top, right, bottom } }: PlacedImage, { endX, y, size }: Glyph): boolean {
  const [height, gap] = [bottom - top, left - endX];
  const middle = (top + bottom) / 2;
  return (
    height >= heightMin * size &&
    height <= heightMax * size &&
    right > left &&
    right - left <= widthMax * size &&
    gap >= -overlapMax * size &&
    gap <= gapMax * size &&
    middle >= y - ascent * size &&
    middle <= y + descent * size
  );
}
