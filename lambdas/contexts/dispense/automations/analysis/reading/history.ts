import { wordEnd } from './patterns.ts';

/** Words that say that a drug is not to be handed over. */
const strong =
  "stopped|discontinued?|dc'?d|d/c'?e?d?|ceased|withheld|withhold|on hold|hold|held|previously|formerly|no longer|allerg(?:ic(?! reactions?(?! to))|y|ies)|intoleran(?:t|ce)|anaphylaxis|hypersensitiv(?:e|ity)|adverse reactions?|reaction to|contra-?indicated|changed from|switched from|replaced|superseded|was on|were on|had been on|had been taking|used to take|in the past|past medications?|past medicines|suspended|refused|declined|cancelled|canceled|deleted|failed|tried|not to be|not (?:given|dispensed|supplied|issued|prescribed|tolerated|for issue)|to stop|stop|stopping|ended|expired|abgesetzt|allergie|allergique|arrêt(?:é|er|ée)?|pausiert|unverträglichkeit|do not (?:give|dispense|prescribe|issue|supply|restart|take|use|continue)|don't (?:give|dispense|take|use)|avoid|without|instead of|rather than|old dose|finished|completed on|on admission|prior to admission|pre-?admission|before admission";
const strongAnywhere = new RegExp(`(?<![\\p{L}\\p{N}])(?:${strong})${wordEnd}`, 'iu');

/** Words that say that something is to be handed over after all. Beside words of history, the line is not clear. */
const positive =
  /(?<!\p{L})(?:start(?:ed|ing)?|restart(?:ed)?|now|instead|switch(?:ed)? to|changed to|increased?|reduced?|decreased?|replaced (?:by|with)|new|begin|continue[ds]?|but|resume[ds]?)(?!\p{L})/iu;

/** Headings of lists that are not to be handed over. */
const asideHeading =
  /^[^\p{L}\p{N}]{0,20}(?:(?:list of |all )?(?:medications?|medicines?|drugs?|treatments?)[ :-]{1,3}(?:that (?:were|have been) |which (?:were|have been) |you should |to |now |that you should |not to )?(?:stop(?:ped|s)?(?: taking)?|discontinued?|withheld|ceased|suspended|on hold|continue)|stop(?:ped)?(?: taking)?(?: (?:these|the following))?(?: medications?| medicines?| drugs?)?|discontinued?(?: medications?| medicines?| drugs?)?|withheld(?: medications?| medicines?| drugs?)?|(?:past|previous|prior|former|old)(?: medications?| medicines?| drugs?)(?: history)?|medications? history|(?:known )?(?:drug )?allerg(?:y|ies)(?:[ /&]{1,3}(?:and )?(?:adverse (?:drug )?reactions|intolerances|sensitivities))?|adverse (?:drug )?reactions|intolerances?|(?:medications?|medicines?|drugs?) (?:on|before|prior to) admission|home medications? prior to admission|pre-admission (?:medications?|medicines)|abgesetzt)[ :.-]{0,5}$/iu;
const notContinue =
  /^[^\p{L}\p{N}]{0,20}(?:medications?|medicines?|drugs?|treatments?)[ :-]{1,3}(?:that (?:were|have been) |which (?:were|have been) |you should |to |now )?continue/iu;

/** True for a heading such as "Stopped medicines:". */
export const isAsideHeading = (text: string) => asideHeading.test(text) && !notContinue.test(text);

/** Where a word begins that says that a drug is not to be handed over. -1: there is none. */
export function findHistory(text: string): number {
  return strongAnywhere.exec(text)?.index ?? -1;
}

/** True if the text also says that something is to be handed over. */
export const isMixed = (text: string) => positive.test(text);

const nothing = /\b(?:none|nil|nkda|nka|no known|no drug|unknown|not known|no allergies|keine|aucune)\b/i;

/** True for "Allergies: none known". */
export const isNoAllergy = (text: string) => nothing.test(text);
