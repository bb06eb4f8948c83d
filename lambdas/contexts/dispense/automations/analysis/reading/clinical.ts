import { isDirectionWord, isFrequency, isVerb } from './direction-words.ts';
import { nounOfWord } from './forms.ts';
import { longestNameAt } from './lexicon/lexicon.ts';
import { withoutPlainNumbers } from './plain-numbers.ts';
import { findStrength } from './strengths.ts';

const numberBesideName = /(?<![\p{L}\p{N}])\p{L}{4,}[ :]{1,2}\d{1,3}(?:[.,]\d{1,3})?(?![\p{L}\p{N}/:-])/u;

/** True for text that can be about a drug: a unit, a form, a frequency, a number beside a name, the name of a drug. */
export function isClinical(text: string): boolean {
  const rest = withoutPlainNumbers(text);
  return hasDose(rest) || numberBesideName.test(rest) || namesDrug(rest);
}

/** A unit, a form, a frequency. */
export function hasDose(text: string): boolean {
  return findStrength(text, 0) !== undefined || wordsOf(text).some((word) => isDoseWord(word));
}

const weak = new Set(
  'on film strip strips foam once times every each stat give place change use add mix start remove put drink begin evening morning night afternoon tea lunch dinner supper noon breakfast plaster cap pen pens gum paste liquid solution powder hs pc ac die on continue repeat wash change increase reduce commence massage wear shake take od om bd das die le un'.split(
    ' ',
  ),
);

/** Words that have other meanings count only beside a second one. */
function isDoseWord(word: string): boolean {
  return !weak.has(word) && (nounOfWord(word) !== undefined || isFrequency(word));
}

/** True if the name of a drug is anywhere in the text. */
export const namesDrug = (text: string) => namesOf(text).length > 0;

/** Where the names of drugs begin in a text. */
export function namesOf(text: string): number[] {
  const names: number[] = [];
  let end = 0;
  for (const { index } of text.matchAll(/(?<![\p{L}\p{N}-])\p{L}/gu)) {
    const length = index < end ? 0 : longestNameAt(text, index);
    if (length <= 3) continue;
    names.push(index);
    end = index + length;
  }
  return names;
}

/** True for text that reads like directions: it begins with a verb, or most of its words are words of directions. */
export function isLikeDirections(text: string): boolean {
  const words = wordsOf(text);
  if (words.length === 0) return false;
  if (isVerb(words[0] ?? '') || words.some(isDoseWord)) return true;
  const known = words.filter((word) => isDirectionWord(word) || /^\d/.test(word));
  return known.length >= words.length * 0.6;
}

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}.'/½¼¾-]+/u)
    .map((word) => word.replace(/^[.'/-]+|[.'/-]+$/g, ''))
    .filter((word) => word !== '');
}
