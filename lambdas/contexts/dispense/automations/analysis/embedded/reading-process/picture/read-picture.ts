import type { PlacedWord } from '../layout/lines.ts';
import { withEvenLight } from './even-light.ts';
import { type GrayPicture, rotated, scaled, turned } from './gray-picture.ts';
import type { OcrEngine } from './ocr-engine.ts';

/** Larger pictures are made smaller: more pixels cost time and add nothing to text. */
const ocrMaxPixels = 12e6;
/** A picture whose longer side is shorter is enlarged: tesseract needs letters of about 20 pixels. */
const smallSidePx = 1_000;
const enlargedSidePx = 1_800;
const enlargedMax = 3;
/** The longer side of the picture that is read to find its orientation. */
const orientationSidePx = 1_200;
/** Smaller slopes do not matter, in radians. */
const slopeMin = 0.004;
/** Of a word that counts as read. */
const clearConfidence = 0.6;
const clearLettersMin = 3;

/** Reads the words of a picture, whichever way up it is. The words' places are those of the upright picture. */
export function readPicture(engine: OcrEngine, picture: GrayPicture): PlacedWord[] {
  if (isBlank(picture)) return [];
  const sized = withEvenLight(readable(picture));
  const words = readUpright(engine, sized);
  if (isClear(words)) return words;
  const quarters = orientation(engine, sized, clearLetters(words));
  return quarters === 0 ? words : readUpright(engine, turned(sized, quarters));
}

function readUpright(engine: OcrEngine, picture: GrayPicture): PlacedWord[] {
  const slope = engine.slope(picture);
  return engine.recognize(Math.abs(slope) < slopeMin ? picture : rotated(picture, slope));
}

/** By how many quarters to turn the picture clockwise, so that it has the most letters of words. */
function orientation(engine: OcrEngine, picture: GrayPicture, upright: number): number {
  const side = Math.max(picture.width, picture.height);
  const reduced = side > orientationSidePx ? scaled(picture, orientationSidePx / side) : picture;
  let best = { quarters: 0, letters: upright };
  for (const quarters of [1, 3, 2]) {
    const words = readUpright(engine, turned(reduced, quarters));
    const letters = clearLetters(words);
    if (letters > best.letters) best = { quarters, letters };
    if (isClear(words)) break;
  }
  return best.quarters;
}

/** Most of its letters are in words that were read well. */
function isClear(words: readonly PlacedWord[]): boolean {
  const all = words.reduce((sum, { text }) => sum + lettersOf(text), 0);
  return all > 0 && clearLetters(words) >= all / 2;
}

function clearLetters(words: readonly PlacedWord[]): number {
  return words
    .filter(({ text, confidence }) => confidence >= clearConfidence && lettersOf(text) >= clearLettersMin)
    .reduce((sum, { text }) => sum + lettersOf(text), 0);
}

function lettersOf(text: string): number {
  return text.replace(/\P{L}/gu, '').length;
}

function readable(picture: GrayPicture): GrayPicture {
  const pixels = picture.width * picture.height;
  if (pixels > ocrMaxPixels) return scaled(picture, Math.sqrt(ocrMaxPixels / pixels));
  const side = Math.max(picture.width, picture.height);
  return side < smallSidePx ? scaled(picture, Math.min(enlargedMax, enlargedSidePx / side)) : picture;
}

/** The least difference of brightness that can be text. */
const contrastMin = 16;

function isBlank({ pixels }: GrayPicture): boolean {
  const first = pixels[0] ?? 0;
  return pixels.every((pixel) => Math.abs(pixel - first) < contrastMin);
}
