import type { PlacedWord } from '../layout/lines.ts';

/** The most that a word is certain of which two readings of one picture differ. */
const disputedMax = 0.3;

/**
 * The words of a first reading, less certain where a second reading of the same picture differs. Words that only the second
 * reading found are added: without them a part would be missing unseen.
 */
export function compared(first: readonly PlacedWord[], second: readonly PlacedWord[]): PlacedWord[] {
  const checked = first.map((word) => (isConfirmed(word, first, second) ? word : disputed(word)));
  const missed = second.filter((word) => isText(word) && !first.some((other) => touches(word, other)));
  return [...checked, ...missed.map(disputed)];
}

function disputed(word: PlacedWord): PlacedWord {
  return { ...word, confidence: Math.min(word.confidence, disputedMax) };
}

function isText({ text }: PlacedWord): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}

/** The other reading has the same characters at the place, maybe in words that are divided otherwise. */
function isConfirmed(word: PlacedWord, first: readonly PlacedWord[], second: readonly PlacedWord[]): boolean {
  const others = second.filter((other) => overlaps(word, other));
  if (textOf(others) === word.text) return true;
  const [only] = others;
  if (others.length !== 1 || !only) return false;
  return only.text === textOf(first.filter((one) => overlaps(only, one)));
}

function textOf(words: readonly PlacedWord[]): string {
  return words
    .toSorted((a, b) => a.left - b.left)
    .map(({ text }) => text)
    .join('');
}

/** The middle of one is in the other. */
function overlaps(a: PlacedWord, b: PlacedWord): boolean {
  return holdsMiddle(a, b) || holdsMiddle(b, a);
}

function holdsMiddle({ left, right, top, bottom }: PlacedWord, other: PlacedWord): boolean {
  const [x, y] = [(other.left + other.right) / 2, (other.top + other.bottom) / 2];
  return x >= left && x <= right && y >= top && y <= bottom;
}

function touches(a: PlacedWord, b: PlacedWord): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
