/** Helpers for patterns. Every repetition in a pattern is bounded and segments are short, so they are fast for any text. */

/** What a pattern matches exactly at a place of a text. The pattern has the flag "y". */
export function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

/** A pattern that matches at `lastIndex` only, ignoring case. */
export function sticky(source: string): RegExp {
  return new RegExp(source, 'iuy');
}

/** Alternatives of a pattern, the longest first. Spaces in them match a space or a hyphen. */
export function oneOf(phrases: string): string {
  const all = phrases
    .split('\n')
    .flatMap((line) => line.split(','))
    .map((phrase) => phrase.trim())
    .filter((phrase) => phrase !== '');
  all.sort((one, other) => other.length - one.length);
  return `(?:${all.map((phrase) => phrase.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&').replaceAll(' ', '[ -]')).join('|')})`;
}

/** No letter and no digit follows. */
export const wordEnd = '(?![\\p{L}\\p{N}])';

/** The words of a comma- or space-separated list. */
export function wordSet(words: string): ReadonlySet<string> {
  return new Set(words.split(/[\s,]+/).filter((word) => word !== ''));
}
