import { cautionSource } from './direction-words.ts';
import type { Doubt } from './doubts.ts';

const numberWords = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const numberUnits =
  "tablets?|tabs?|tab\\.|capsules?|caps?|caplets?|comprimés?|cp|gélules?|tabletten?|kapseln?|tropfen|gouttes?|hub|hübe|patch(?:es)?|sachets?|suppositor(?:y|ies)|pessar(?:y|ies)|lozenges?|puffs?|sprays?|drops?|gtts?|doses?|inhalations?|actuations?|nebules?|vials?|ampoules?|syringes?|pens?|applications?|applicatorfuls?|scoops?|spoonfuls?|teaspoons?|tsp|tbsp|tablespoons?|strips?|pieces?|clicks?|mls?|millilit(?:re|er)s?|mg|mcg|micrograms?|µg|μg|g|grams?|kg|units?|iu|u|mmol|%|cm|mm|inch(?:es)?|l|lit(?:re|er)s?|hours?|hrs?|hourly|h|minutes?|mins?|days?|d|weeks?|wks?|w|months?|mths?|years?|yrs?|(?:(?:one|two|three|four|five|six) )?times?|x(?= ?(?:daily|a |per |/|day|each|t[äa]e?gl|weekly|week|im |am ))|am|pm|a\\.m\\.?|p\\.m\\.?|o'clock|fois|tage?n?|wochen?|stunden?|jours?|semaines?|heures?|mal|od|bd|bid|tds|tid|qds|qid|qd|qhs|qam|qpm|q\\d{1,2}h|hs|prn|sos|stat|nocte|mane|on|om|daily|nightly|weekly|monthly|once|twice|each|every|at|in|po|by mouth|orally|oral|sublingual\\p{L}*|with|after|before|as|when|if|prn|(?:more|additional|extra|small|large|half|new|single|full|heaped|level|5 ?ml) (?:dose|tablets?|capsules?|puffs?|sachets?|drops?|teaspoons?|spoonfuls?|patch(?:es)?|ml)";

/** Drugs that are taken once a week, with the strengths of which that is true. Taken daily they kill or harm. */
const weekly: readonly (readonly [RegExp, RegExp])[] = [
  [/methotrexat|metoject|trexall|otrexup/i, /./],
  [/alendron|fosamax/i, /^(?:70|35|40) ?mg/i],
  [/risedron|actonel/i, /^35 ?mg/i],
  [/semaglutid|ozempic|wegovy|dulaglutid|trulicity/i, /^(?!3|7|14)/],
  [/ergocalciferol|cholecalciferol|colecalciferol/i, /^(?:50|20|40)[, .]?000/],
];

/** A drug for once a week, whose directions do not say so. */
function isWeeklyInDoubt(name: string, strength: string | null, directions: string | null): boolean {
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
function hasNegation(directions: string): boolean {
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
const hasHiddenQuantity = (directions: string) =>
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
function hasLooseNumber(directions: string): boolean {
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
const hasLostPoint = (text: string) => /(?<![\d.,:/'-]|\d )0\d(?!\d{2,}|:|\/|-)/.test(text);

const strengthWithForm =
  /\d ?(?:mg|mcg|micrograms?|µg|g) ?(?:tablets?|tabs?|capsules?|caps?|patch(?:es)?|suppositor\w+)\b/i;

/** A number of pieces in brackets that is rather what is handed over: "SOS (10 tabs)". */
const bracketed = /[([]\d{1,4} ?(?:tablets?|tabs?|capsules?|caps?|strips?|patches)[)\]]/i;

/** All doubts that a text raises by itself. */
export function doubtsOfDirections(
  name: string,
  strength: string | null,
  directions: string | null,
): Doubt[] {
  const doubts: Doubt[] = [];
  if (hasHiddenQuantity(directions ?? '') || hasLooseNumber(directions ?? ''))
    doubts.push('unclear-quantity');
  if (hasLostPoint(strength ?? '') || hasLostPoint(directions ?? '')) doubts.push('unclear-number');
  if (bracketed.test(directions ?? '')) doubts.push('unclear-quantity');
  if (strengthWithForm.test(directions ?? '')) doubts.push('conflicting-strengths');
  if (isWeeklyInDoubt(name, strength, directions)) doubts.push('weekly-drug');
  if (hasNegation(directions ?? '')) doubts.push('negation');
  return doubts;
}
