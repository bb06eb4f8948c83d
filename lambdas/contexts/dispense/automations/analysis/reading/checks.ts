import { cautionSource } from './direction-words.ts';
import type { Doubt } from './doubts.ts';

const numberWords = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const numberUnits =
  "tablets?|tabs?|tab\\.|capsules?|caps?|caplets?|comprimés?|cp|gélules?|tabletten?|kapseln?|tropfen|gouttes?|hub|hübe|patch(?:es)?|sachets?|suppositor(?:y|ies)|pessar(?:y|ies)|lozenges?|puffs?|sprays?|drops?|gtts?|doses?|inhalations?|actuations?|nebules?|vials?|ampoules?|syringes?|pens?|applications?|applicatorfuls?|scoops?|spoonfuls?|teaspoons?|tsp|tbsp|tablespoons?|strips?|pieces?|clicks?|mls?|millilit(?:re|er)s?|mg|mcg|micrograms?|µg|μg|g|grams?|kg|units?|iu|u|mmol|%|cm|mm|inch(?:es)?|l|lit(?:re|er)s?|hours?|hrs?|hourly|h|minutes?|mins?|days?|d|weeks?|wks?|w|months?|mths?|years?|yrs?|(?:(?:one|two|three|four|five|six) )?times?|x(?= ?(?:daily|a |per |/|day|each|t[äa]e?gl|weekly|week|im |am ))|am|pm|a\\.m\\.?|p\\.m\\.?|o'clock|fois|tage?n?|wochen?|stunden?|jours?|semaines?|heures?|mal|od|bd|bid|tds|tid|qds|qid|qd|qhs|qam|qpm|q\\d{1,2}h|hs|prn|sos|stat|nocte|mane|on|om|daily|nightly|weekly|monthly|once|twice|each|every|at|in|po|by mouth|orally|oral|sublingual\\p{L}*|with|after|before|as|when|if|prn|(?:more|additional|extra|small|large|half|new|single|full|heaped|level|5 ?ml) (?:dose|tablets?|capsules?|puffs?|sachets?|drops?|teaspoons?|spoonfuls?|patch(?:es)?|ml)";
const count = `(\\d{1,2}(?:[.,]\\d)?|½|${numberWords.slice(1).join('|')})`;
const piece = '(?:tablets?|tabs?|capsules?|caps?|caplets?|patch(?:es)?|suppositor(?:y|ies)|sachets?|puffs?)';
const mass = '(\\d{1,3}(?:,\\d{3})|\\d{1,5}(?:\\.\\d{1,3})?) ?(mg|mcg|micrograms?|µg|μg|g)(?![\\p{L}/])';
const piecesThenMass = new RegExp(`${count} ?${piece} ?[(=,] ?(?:total(?: of)? )?${mass}`, 'iu');
const massThenPieces = new RegExp(`${mass}(?: total)? ?[(=] ?${count} ?(?:x )?${piece}`, 'iu');
const anyMass = new RegExp(`(?<![\\d.,/-])${mass}`, 'giu');
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
  /(?:then|and) stop(?=[ .]*$)|not (?:to )?exceed(?:ing)?|not more than|no more than|if not|until (?:finished|complete|gone)|unless|without (?:food|water|chewing|crushing)|do not exceed|max(?:imum)?|with or without/giu;
const negation =
  /(?<![\p{L}'])(?:not|don't|never|no|stop(?:ped)?|discontinue|avoid|without|hold|held|withhold|omit|skip|nicht|kein(?:e)?|ne|pas|sans|ohne|except)(?![\p{L}])/iu;

/** A negation that is not one of the usual cautions. */
export function hasNegation(directions: string): boolean {
  return negation.test(directions.replace(caution, ' ').replace(accepted, ' '));
}

const counted =
  '(?:tablets?|tabs?|capsules?|caps?|caplets?|patches|sachets?|suppositories|pessaries|vials?|ampoules?|bottles?|inhalers?|pens?)';
const largeCount = new RegExp(
  `(?<!(?:max|maximum|exceed|exceeding|than|to|of|up|total|first)[. ]{1,2})(?<![\\d.,/-])(?:1[3-9]|[2-9]\\d|\\d{3,4}) ?${counted}(?!\\p{L})`,
  'iu',
);
const lastCount = new RegExp(
  `(?:daily|day|days|week|weeks|weekly|night|morning|bedtime|needed|required|directed|hours|od|bd|tds|qds|bid|tid|qid|prn)[ .,;]{1,3}\\d{1,4} ?${counted}[ .]{0,2}$`,
  'iu',
);
const twoAmounts = /^\d{1,4}(?:[.,]\d)? ?(?:ml|g) (?:\d|one|two|take|apply|put|give)/i;

/** A number of pieces or ml in the directions that is rather what is handed over: "take one daily 28 tablets". */
export const hasHiddenQuantity = (directions: string) =>
  largeCount.test(directions) || lastCount.test(directions) || twoAmounts.test(directions);

/** What follows a number that has its place in directions: what it counts, how often, or the other end of a range. */
const afterNumber = new RegExp(
  `^(?:[ ]?(?:${numberUnits})(?!\\p{L})|[ ]?[-–/][ ]?\\d| (?:to|or) (?:\\d|${numberWords.slice(1).join('|')})| ?[½¼¾]|(?:st|nd|rd|th)(?!\\p{L})|:\\d\\d|[.,]\\d|\\)? ?$)`,
  'iu',
);
/** What stands before such a number. */
const beforeNumber =
  /(?:\d ?[-–/.,:] ?|\b(?:to|or|max|maximum|max\.|than|exceed|exceeding|day|days|week|weeks|no|from|up to|until|at|every|of|age|total) ?|[-–] ?)$/i;

/** A number without a place in the directions can be the quantity, a lost unit, or a part of another line. */
export function hasLooseNumber(directions: string): boolean {
  for (const { 0: number, index } of directions.matchAll(/\d+/g)) {
    const rest = directions.slice(index + number.length);
    const isInPlace =
      afterNumber.test(rest) && !(/^\)? ?$/.test(rest) && !beforeNumber.test(directions.slice(0, index)));
    if (!isInPlace && !beforeNumber.test(directions.slice(0, index))) return true;
    if (
      Number(number) > 20 &&
      /^ (?:od|bd|bid|tds|tid|qds|qid|sos|prn|daily|nightly|once|twice|weekly|at|in|po|by)\b/i.test(rest)
    )
      return true;
  }
  return false;
}

/** "05 mg": a number that lost its decimal point. */
export const hasLostPoint = (text: string) => /(?<![\d.,:/'-]|\d )0\d(?!\d{2,}|:|\/|-)/.test(text);

const strengthWithForm =
  /\d ?(?:mg|mcg|micrograms?|µg|g) ?(?:tablets?|tabs?|capsules?|caps?|patch(?:es)?|suppositor\w+)\b/i;

/** Directions that end in the middle: the rest is lost, or stands elsewhere. */
const dangling =
  /(?:^|[ (])(?:if|when|until|till|before|after|from|at|for|every|to|to be|be|per|with|and|or|then|only if|only|by|in|on the|of|the|an?|take|give|apply|inject|inhale|max|maximum|up to|not|no|do not|each|every \d{1,2}|last|reason|dose)[ .,;:]*$/i;
const loneOne =
  /^(?:take|give|use|apply|inhale)? ?(?:\d|one|two|three)? ?(?:tablets?|capsules?|puffs?|drops?)? ?(?:by mouth|orally)? ?(?:one|two|three)$/i;

export const isUnfinished = (directions: string) =>
  dangling.test(directions) &&
  !/\b(?:on|once|twice|if needed|prn)$/i.test(directions) &&
  !/^(?:take|give|apply|inject|inhale|use) (?:one|two|\d)$/i.test(directions);

/** The amount of a dose that is no sensible multiple of the strength: "Digoxin 125 micrograms, take 125 mg". */
export function isOddDose(directions: string, strength: string | null): boolean {
  const each = plainStrength.exec(strength ?? '');
  if (!each) return false;
  const one = milligrams(each[1], each[2]);
  return [...directions.matchAll(anyMass)].some(([, amount, unit]) => {
    const pieces = milligrams(amount, unit) / one;
    return pieces < 0.249 || pieces > 20.01 || Math.abs(pieces * 4 - Math.round(pieces * 4)) > 0.01;
  });
}

/** A number of pieces in brackets that is rather what is handed over: "SOS (10 tabs)". */
const bracketed = /[([]\d{1,4} ?(?:tablets?|tabs?|capsules?|caps?|strips?|patches)[)\]]/i;

const often = /\b(?:once|twice|thrice|(?:one|two|three|four|five|\d) times|od|bd|bid|tds|tid|qds|qid)\b/gi;
const dailyAndOften =
  /\b(?:one|two|\d|tablets?|capsules?) daily\b.*\b(?:twice|thrice|(?:three|four|\d) times|bd|bid|tds|tid|qds|qid)\b/i;

/** Two frequencies in one clause: "one daily twice a day". A range and steps have a word between them. */
export const hasTwoFrequencies = (directions: string) =>
  directions
    .split(/[,;.()/-]| then | and | or | to | if | when | as | at | up | max/i)
    .some(
      (clause) =>
        new Set(clause.match(often)?.map((word) => word.toLowerCase())).size > 1 ||
        dailyAndOften.test(clause),
    );

/** All doubts that a text raises by itself. */
export function doubtsOfDirections(
  name: string,
  strength: string | null,
  directions: string | null,
): Doubt[] {
  const doubts: Doubt[] = [];
  if (isInconsistentDose(directions ?? '', strength)) doubts.push('inconsistent-dose');
  if (hasHiddenQuantity(directions ?? '') || hasLooseNumber(directions ?? ''))
    doubts.push('unclear-quantity');
  if (hasLostPoint(strength ?? '') || hasLostPoint(directions ?? '')) doubts.push('unclear-number');
  if (isUnfinished(directions ?? '') || loneOne.test(directions ?? '')) doubts.push('unfinished-directions');
  if (hasTwoFrequencies(directions ?? '')) doubts.push('conflicting-directions');
  if (isOddDose(directions ?? '', strength)) doubts.push('inconsistent-dose');
  if (bracketed.test(directions ?? '')) doubts.push('unclear-quantity');
  if (strengthWithForm.test(directions ?? '')) doubts.push('conflicting-strengths');
  if (isWeeklyInDoubt(name, strength, directions)) doubts.push('weekly-drug');
  if (hasNegation(directions ?? '')) doubts.push('negation');
  return doubts;
}
