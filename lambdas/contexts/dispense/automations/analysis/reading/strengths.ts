import { matchAt, sticky, wordEnd } from './patterns.ts';

/** Numbers as people write them: 500, 0.5, 0,075, .125, 50 000, 5,000, 1½. */
export const numberSource =
  "(?:\\d{1,3}(?:[ ,.']\\d{3}){1,2}(?![\\d.,]\\d|\\d)|\\d{1,7}(?:[.,]\\d{1,5})?|[.,]\\d{1,5}|(?:\\d{1,2} ?)?[½¼¾⅓⅔⅛])";

const massUnit =
  'mg|mcg|µg|μg|ug|ng|nanograms?|micrograms?|microgrammes?|milligrams?|milligrammes?|grams?|g|i\\.?u\\.?|i\\.?e\\.?|international units?|units?|u|mu|megaunits?|mmol|meq|%';
const perUnit =
  'ml|millilitres?|milliliters?|l|g|mg|dose|puffs?|inhalations?|sprays?|actuat(?:ions?)?|hours?|hrs?|h|vial|ampoule|amp|pen|patch|sachet|drop|blister|act';

/** "mg/kg", "mg/dL", "mg a day" are doses or results, not strengths. */
const noRate = '(?! ?(?:/|per) ?(?:kg|dl|day|d\\b|min|m2|m²|week))';
const per = `(?:(?: ?/ ?| per | je )(?:${numberSource} ?)?(?:${perUnit})${wordEnd}| in ${numberSource} ?(?:ml|l)${wordEnd})`;
const separator = '(?: ?[/+–-] ?| and | & | to | plus )';
const amount = `${numberSource} ?-?(?:${massUnit})?`;

const strengthSource = `(?<![\\p{L}\\p{N}.,/-])(?:${amount}${separator}){0,4}${numberSource}[ -]?(?:${massUnit})(?![\\p{L}\\p{N}])${noRate}(?:${per})?(?: ?w/[wv])?`;
const strengthHere = sticky(strengthSource);
const strengthAnywhere = new RegExp(strengthSource, 'iu');

/** Letters where digits belong: "5OO mg", "O.5 mg", "l0 mg", which is common in text from bad pictures. */
const unclearAnywhere = new RegExp(
  `(?<![\\p{L}\\p{N}.,/-])(?=[^ ]{0,7}[OoQSsIilBZ|])[0-9OoQSsIilBZ|][0-9OoQSsIilBZ|.,]{0,6} ?(?:mg|mcg|µg|μg|micrograms?|g|ml|units?|iu|%)${wordEnd}`,
  'u',
);

/** A strength in a text: where it begins and ends. */
export interface FoundStrength {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Some of its digits are written as letters. */
  readonly isUnclear: boolean;
}

/** The strength that begins exactly here. */
export function strengthAt(text: string, at: number): FoundStrength | undefined {
  const found = matchAt(strengthHere, text, at);
  if (!found) return undefined;
  return { start: at, end: at + found[0].length, text: found[0], isUnclear: false };
}

const ratio = sticky(
  '1 ?(?::| in ) ?\\d{1,3}(?:[ ,]?\\d{3})?(?=[ ,]|$)|1 ?(?::| in ) ?\\d{1,3}(?:[ ,]?\\d{3})?(?=[ ,]|$)|\\d{1,4}(?:[.,]\\d{1,2})?(?: ?/ ?\\d{1,4}(?:[.,]\\d{1,2})?){1,2}(?=[ ,]|$)(?! ?(?:days?|weeks?|months?)\\b)|\\d{2,4}(?:\\.\\d)?-\\d{2,4}(?:\\.\\d)?(?=[ ,]|$)',
);

/** The strength of a combination without its unit, as in "Co-codamol 30/500 tablets". */
export function ratioAt(text: string, at: number): FoundStrength | undefined {
  const found = matchAt(ratio, text, at);
  return found && { start: at, end: at + found[0].length, text: found[0], isUnclear: false };
}

/** The first strength of a text. */
export function findStrength(text: string, from: number): FoundStrength | undefined {
  const rest = text.slice(from);
  const clear = strengthAnywhere.exec(rest);
  const unclear = unclearAnywhere.exec(rest);
  const found = unclear && (!clear || unclear.index < clear.index) ? unclear : clear;
  if (!found) return undefined;
  const start = from + found.index;
  return { start, end: start + found[0].length, text: found[0], isUnclear: found === unclear };
}

/** True for an amount of a volume or a weight that can be the size of a pack: "100 ml", "30 g". */
export const packSource = `${numberSource} ?(?:ml|mls|millilitres?|g|grams?)${wordEnd}`;
