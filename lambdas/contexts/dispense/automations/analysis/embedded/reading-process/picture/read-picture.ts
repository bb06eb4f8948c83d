import type { PlacedWord } from '../layout/lines.ts';
import { withEvenLight } from './even-light.ts';
import { type GrayPicture, rotated, scaled, turned } from './gray-picture.ts';
import { hasLevelLines } from './level-lines.ts';
import type { OcrEngine } from './ocr-engine.ts';
import { compared } from './second-reading.ts';

/** Larger pictures are made smaller: more pixels cost time and add nothing to text. */
const ocrMaxPixels = 12e6;
/** A picture whose longer side is shorter is enlarged: tesseract needs letters of about 20 pixels. */
const smallSidePx = 1_000;
const enlargedSidePx = 1_800;
const enlargedMax = 3;
/** The longer side of the picture that is read to find its orientation. */
const orientationSidePx = 1_200;
/** How much larger or smaller a picture is when it is read again. */
const againLarger = 1.4;
const againSmaller = 0.75;
/** Smaller slopes do not matter, in radians. */
const slopeMin = 0.004;
/** Of a word that counts as read. */
const clearConfidence = 0.6;
const clearLettersMin = 3;

/** Reads the words of a picture, whichever way up it is. The words' places are those of the upright picture. */
export function readPicture(engine: OcrEngine, picture: GrayPicture): PlacedWord[] {
  if (isBlank(picture)) return [];
  const upright = uprightOf(engine, withEvenLight(readable(picture)));
  if (upright.words.length === 0) return [];
  return compared(upright.words, readAgain(engine, upright.picture));
}

/** A picture whose lines of text are level, and their words. */
interface Upright {
  readonly picture: GrayPicture;
  readonly words: readonly PlacedWord[];
}

function uprightOf(engine: OcrEngine, picture: GrayPicture): Upright {
  const asItIs = readLevel(engine, picture);
  if (isClear(asItIs.words)) return asItIs;
  const side = Math.max(picture.width, picture.height);
  const reduced = side > orientationSidePx ? scaled(picture, orientationSidePx / side) : picture;
  const { quarters, read } = bestTurn(engine, reduced, asItIs);
  return quarters === 0 || reduced === picture ? read : readLevel(engine, turned(picture, quarters));
}

function readLevel(engine: OcrEngine, picture: GrayPicture): Upright {
  const slope = engine.slope(picture);
  const level = Math.abs(slope) < slopeMin ? picture : rotated(picture, slope);
  return { picture: level, words: engine.recognize(level) };
}

/** A reading of the same picture in another size. What is read by chance differs. */
function readAgain(engine: OcrEngine, picture: GrayPicture): PlacedWord[] {
  const isLarge = picture.width * picture.height > ocrMaxPixels / 2;
  const factor = isLarge ? againSmaller : againLarger;
  return engine.recognize(scaled(picture, factor)).map((word) => ({
    ...word,
    left: word.left / factor,
    right: word.right / factor,
    top: word.top / factor,
    bottom: word.bottom / factor,
  }));
}

interface Turn {
  /** By how many quarters the picture is turned clockwise. */
  readonly quarters: number;
  readonly read: Upright;
}

/** The turn that gives the most letters of words. `asItIs`: the reading without a turn. */
function bestTurn(engine: OcrEngine, picture: GrayPicture, asItIs: Upright): Turn {
  let best: Turn = { quarters: 0, read: asItIs };
  for (const quarters of hasLevelLines(picture) ? [2, 1, 3] : [1, 3, 2]) {
    const read = readLevel(engine, turned(picture, quarters));
    if (clearLetters(read.words) > clearLetters(best.read.words)) best = { quarters, read };
    if (isClear(read.words)) break;
  }
  return best;
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
