import { isDirectionWord } from './direction-words.ts';
import { nounOfWord } from './forms.ts';

/** The words of directions that are no known vocabulary. */
export function unknownWords(directions: string, own: ReadonlySet<string>): string[] {
  const odd = [...(directions.match(oddSign) ?? []), ...(directions.match(rightOfNothing) ?? [])];
  return wordsOf(directions, own).concat(odd);
}

/** A sign that has no place in directions: "every § hours" was "every 8 hours". */
const oddSign = /[^\p{L}\p{N}\p{M}\s.,;:!?'’‘“”"()[\]/+&%°×=<>≤≥*#|→•–—-]/gu;
/** "right" without what is on the right is a misread "night". */
const rightOfNothing =
  /(?<!(?:left|the) (?:(?:and|or|\/|&) )?)\bright(?! (?:eye|ear|side|nostril|hand|arm|leg|knee|foot|ankle|elbow|shoulder|breast|hip|thigh|buttock|lung|after|before|away|and left|or left)\b)(?!\/left)\b/giu;

function wordsOf(directions: string, own: ReadonlySet<string>): string[] {
  return directions
    .split(/[^\p{L}\p{N}'’./½¼¾-]+/u)
    .flatMap((word) => word.replace(/^[.'’/-]+|[.'’/-]+$/g, '').replace('’', "'"))
    .filter((word) => word !== '' && !isPlainNumber(word) && !isKnownWord(word, own));
}

const isPlainNumber = (word: string) =>
  /^(?:\d{1,6}(?:[.,]\d{1,3})?|\d{0,2}[½¼¾]|\d{1,3}(?:[-/]\d{1,3}){1,3}|\d{1,2}:\d{2})$/.test(word);

function isKnownWord(word: string, own: ReadonlySet<string>): boolean {
  const lower = word.toLowerCase();
  if (isDirectionWord(lower) || own.has(lower) || nounOfWord(lower) !== undefined) return true;
  const parts = lower.split(/(?<=\d)(?=\p{L})|[-/]/u).filter((part) => part !== '');
  return (
    parts.length > 1 && parts.every((part) => isPlainNumber(part) || isDirectionWord(part) || own.has(part))
  );
}
