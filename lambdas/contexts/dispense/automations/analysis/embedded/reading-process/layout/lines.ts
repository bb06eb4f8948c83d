import type { TextLine, Word } from '../../../reading/document-text.ts';

/** A word with its place on a page. `x` grows to the right, `y` grows downwards, both in any one unit. */
export interface PlacedWord {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** From 0 to 1. */
  readonly confidence: number;
}

/** How far apart the middles of two neighbours in a line are at most, in heights of the smaller word. */
const sameLineShare = 0.6;

/**
 * Words that share a height are one line, from left to right, also if a wide gap is between them: the columns of a table. Each
 * word is compared with the last one of a line, because a line of a photo rises or falls slowly.
 */
export function linesOf(words: readonly PlacedWord[]): TextLine[] {
  const lines: PlacedWord[][] = [];
  for (const word of words.toSorted((a, b) => a.left - b.left)) {
    const line = nearestLine(word, lines);
    if (line) line.push(word);
    else lines.push([word]);
  }
  const unit = averageCharacter(words);
  const origin = words.reduce((least, { left }) => Math.min(least, left), Number.POSITIVE_INFINITY);
  return lines
    .toSorted((a, b) => averageMiddle(a) - averageMiddle(b))
    .map((line) => ({ words: wordsOf(line, origin, unit) }));
}

function wordsOf(line: readonly PlacedWord[], origin: number, unit: number): Word[] {
  const columns = (x: number) => Math.round(((x - origin) / unit) * 100) / 100;
  return line
    .toSorted((a, b) => a.left - b.left)
    .map(({ text, left, right, confidence }) => ({
      text,
      left: columns(left),
      right: columns(right),
      confidence: Math.round(confidence * 1_000) / 1_000,
    }));
}

/** The line whose last word is at the height of this word. */
function nearestLine(word: PlacedWord, lines: readonly PlacedWord[][]): PlacedWord[] | undefined {
  let [nearest, least]: [PlacedWord[] | undefined, number] = [undefined, Number.POSITIVE_INFINITY];
  for (const line of lines) {
    const last = line.at(-1) as PlacedWord;
    const distance = Math.abs(middleOf(word) - middleOf(last));
    if (distance < least && distance < sameLineShare * sharedHeight(word, last)) {
      [nearest, least] = [line, distance];
    }
  }
  return nearest;
}

/** The height of the smaller word; beside a mark, that of the larger. A dash or a full stop has nearly no height. */
function sharedHeight(a: PlacedWord, b: PlacedWord): number {
  const heights = [heightOf(a), heightOf(b)] as const;
  return hasLetter(a) && hasLetter(b) ? Math.min(...heights) : Math.max(...heights);
}

function hasLetter({ text }: PlacedWord): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}

function middleOf({ top, bottom }: PlacedWord): number {
  return (top + bottom) / 2;
}

function averageMiddle(line: readonly PlacedWord[]): number {
  return line.reduce((sum, word) => sum + middleOf(word), 0) / line.length;
}

function heightOf({ top, bottom }: PlacedWord): number {
  return bottom - top;
}

/** The average width of a character. Never 0. */
function averageCharacter(words: readonly PlacedWord[]): number {
  const width = words.reduce((sum, { left, right }) => sum + Math.max(0, right - left), 0);
  const characters = words.reduce((sum, { text }) => sum + [...text].length, 0);
  return width > 0 && characters > 0 ? width / characters : 1;
}
