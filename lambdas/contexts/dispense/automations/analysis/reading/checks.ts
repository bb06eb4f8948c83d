import { cautionSource } from './direction-words.ts';
import type { Doubt } from './doubts.ts';

const numberWords = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const count = `(\\d{1,2}(?:[.,]\\d)?|½|${numberWords.slice(1).join('|')})`;
const piece = '(?:tablets?|tabs?|capsules?|caps?|caplets?|patch(?:es)?|suppositor(?:y|ies)|sachets?|puffs?)';
const mass = '(\\d{1,3}(?:,\\d{3})|\\d{1,5}(?:\\.\\d{1,3})?) ?(mg|mcg|micrograms?|µg|μg|g)(?![\\p{L}/])';
const piecesThenMass = new RegExp(`${count} ?${piece} ?[(=,] ?(?:total(?: of)? )?${mass}`, 'iu');
const massThenPieces = new RegExp(`${mass}(?: total)? ?[(=] ?${count} ?(?:x )?${piece}`, 'iu');
const plainStrength = new RegExp(`^${mass}$`, 'iu');

/** "Take 6 tablets (15 mg)" agrees with 2.5 mg, and not with 5 mg. */
export function isInconsistentDose(directions: string, strength: string | null): boolean {
  const each = plainStrength.exec(strength ?? '');
  const one = piecesThenMass.exec(directions);
  const other = massThenPieces.exec(directions);
  const [pieces, amount, unit] = one ? [one[1], one[2], one[3]] : other ? [other[3], other[1], other[2]] : [];
  if (!each || pieces === undefined) return false;
  const stated = milligrams(amount, unit);
  const computed = countOf(pieces) * milligrams(each[1], each[2]);
  return Math.abs(stated - computed) > stated / 1_000;
}

function milligrams(amount: string | undefined, unit: string | undefined): number {
  const number = Number((amount ?? '').replace(',', ''));
  if (unit?.toLowerCase() === 'g') return number * 1_000;
  return unit?.toLowerCase() === 'mg' ? number : number / 1_000;
}

function countOf(pieces: string): number {
  if (pieces === '½') return 0.5;
  const index = numberWords.indexOf(pieces.toLowerCase());
  return index > 0 ? index : Number(pieces.replace(',', '.'));
}

/** Drugs that are taken once a week, with the strengths of which that is true. Taken daily they kill or harm. */
const weekly: readonly (readonly [RegExp, RegExp])[] = [
  [/methotrexat|metoject|trexall|otrexup/i, /./],
  [/alendron|fosamax/i, /^(?:70|35|40) ?mg/i],
  [/risedron|actonel/i, /^35 ?mg/i],
  [/semaglutid|ozempic|wegovy|dulaglutid|trulicity/i, /^(?!3|7|14)/],
  [/ergocalciferol|cholecalciferol|colecalciferol/i, /^(?:50|20|40)[, .]?000/],
];

/** A drug for once a week, whose directions do not say so. */
export function isWeeklyInDoubt(name: string, strength: string | null, directions: string | null): boolean {
  const isWeekly = weekly.some(([names, strengths]) => names.test(name) && strengths.test(strength ?? '?'));
  if (!isWeekly) return false;
  const text = directions ?? '';
  return (
    !/week|month|fortnight|wöchentlich|semaine/i.test(text) ||
    /\bdaily\b|\bevery day\b|\ba day\b|\bbd\b|\btds\b|\bod\b/i.test(text)
  );
}

const caution = new RegExp(cautionSource, 'giu');
const accepted =
  /not (?:to )?exceed(?:ing)?|not more than|no more than|if not|until (?:finished|complete|gone)|unless|without (?:food|water|chewing|crushing)|do not exceed|max(?:imum)?|with or without/giu;
const negation =
  /(?<![\p{L}'])(?:not|don't|never|no|stop(?:ped)?|discontinue|avoid|without|hold|held|withhold|omit|skip|nicht|kein(?:e)?|ne|pas|sans|ohne|except)(?![\p{L}])/iu;

/** A negation that is not one of the usual cautions. */
export function hasNegation(directions: string): boolean {
  return negation.test(directions.replace(caution, ' ').replace(accepted, ' '));
}

/** The least confidence of a word of name, strength, quantity or dose in a picture. Below it, a person must look. */
// Chosen before there were data: tesseract gives 0.93 and more to nearly all words that it reads right on clean prints.
export const clearTextMin = 0.93;

/** All doubts that a text raises by itself. */
export function doubtsOfDirections(
  name: string,
  strength: string | null,
  directions: string | null,
): Doubt[] {
  const doubts: Doubt[] = [];
  if (isInconsistentDose(directions ?? '', strength)) doubts.push('inconsistent-dose');
  if (isWeeklyInDoubt(name, strength, directions)) doubts.push('weekly-drug');
  if (hasNegation(directions ?? '')) doubts.push('negation');
  return doubts;
}
