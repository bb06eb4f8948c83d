import type { Block } from './blocks.ts';
import { wordsIn } from './segments.ts';

/**
 * The least confidence of a clear word of name, strength, quantity or dose in a picture. `docs/readings.md` has the data by which
 * this and {@link clearDigitsMin} were chosen. The rule of trust asks the same of every part.
 */
export const clearWordsMin = 0.8;

/** The least confidence of a clear word with digits. It is more, because no list knows the quantity or the dose. */
export const clearDigitsMin = 0.9;

const partsWithDigits: ReadonlySet<string> = new Set(['name', 'strength', 'quantity', 'directions']);

/** A word with digits in a part of the drug is not clear. */
export function hasUnclearDigits({ placed }: Pick<Block, 'placed'>): boolean {
  return placed.some(
    ({ piece, segment }) =>
      partsWithDigits.has(piece.kind) &&
      wordsIn(segment, piece.start, piece.end).some(
        ({ text, confidence }) => /\p{N}/u.test(text) && confidence < clearDigitsMin,
      ),
  );
}
