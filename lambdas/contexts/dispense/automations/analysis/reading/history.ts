import { hasDose, namesOf } from './clinical.ts';
import { cautionSource, isVerb } from './direction-words.ts';
import { nothingOpen } from './open-drug.ts';
import { wordEnd } from './patterns.ts';
import { scan } from './scan.ts';
import { findStrength } from './strengths.ts';

/** Words after a drug's name that say that it is not to be handed over. */
const after =
  "stopped|discontinued?|dc'?d|d/c'?e?d?|ceased|withheld|withhold|on hold|hold|held|no longer|not continued|contra-?indicated|superseded|suspended|refused|declined|cancelled|canceled|deleted|not to be|not (?:given|dispensed|supplied|issued|prescribed|tolerated|for issue|required)|to stop|stopping|expired|allerg(?:ic(?! reactions?(?! to))|y|ies)|intoleran(?:t|ce)|anaphylaxis|hypersensitiv(?:e|ity)|adverse reactions?|do not (?:give|dispense|supply|issue)|abgesetzt|pausiert|arrêt(?:é|ée)";
/** Words before a drug's name that say so. */
const before =
  "previously|formerly|changed from|switched from|changed to|switched to|converted (?:to|from)|swapped|replaced|reaction to|was on|were on|had been on|had been taking|used to take|in the past|past medications?|past medicines|failed|tried|stop|stopping|ended|do not (?:prescribe|restart|take|use|continue)|don't (?:give|dispense|take|use)|avoid|instead of|rather than|old dose|finished|completed|on admission|prior to admission|pre-?admission|before admission|unverträglichkeit|allergie|allergique|arrêter|patient (?:has|had) been on";
const afterName = new RegExp(`(?<![\\p{L}\\p{N}])(?:${after})${wordEnd}`, 'iu');
const anyHistory = new RegExp(`(?<![\\p{L}\\p{N}])(?:${after}|${before})${wordEnd}`, 'iu');
const cautions = new RegExp(cautionSource, 'giu');

/** Words that say that something is to be handed over after all. Beside words of history, the line is not clear. */
const positive =
  /(?<!\p{L})(?:start(?:ed|ing)?|restart(?:ed)?|now|instead|switch(?:ed)?|changed|converted|swapped|increased?|reduced?|decreased?|replaced|new|begin|continue[ds]?|but|resume[ds]?)(?!\p{L})/iu;

/** Headings of lists that are not to be handed over. */
const asideHeading =
  /^[^\p{L}\p{N}]{0,20}(?:(?:list of |all )?(?:medications?|medicines?|drugs?|treatments?)[ :-]{1,3}(?:that (?:were|have been) |which (?:were|have been) |you should |to |now |that you should |not to )?(?:stop(?:ped|s)?(?: taking)?|discontinued?|withheld|ceased|suspended|on hold|continue)|(?:the following (?:have been|were|are) )?(?:stop(?:ped)?|on hold|hold|paused|not taking|inactive|ceased|no longer taking|do not dispense|do not give|withheld)(?: taking)?(?: (?:these|the following))?(?: medications?| medicines?| drugs?)?|discontinued?(?: medications?| medicines?| drugs?)?|(?:do not take|withheld)(?: medications?| medicines?| drugs?)?|(?:past|previous|prior|former|old)(?: medications?| medicines?| drugs?)(?: history)?|medications? history|(?:known )?(?:drug )?allerg(?:y|ies)(?:[ /&]{1,3}(?:and )?(?:adverse (?:drug )?reactions|intolerances|sensitivities))?|adverse (?:drug )?reactions|intolerances?|(?:medications?|medicines?|drugs?) (?:on|before|prior to) admission|home medications? prior to admission|pre-admission (?:medications?|medicines)|abgesetzt)(?: in hospital| during (?:this )?admission| on admission| today)?[ :.-]{0,5}$/iu;
const notContinue =
  /^[^\p{L}\p{N}]{0,20}(?:medications?|medicines?|drugs?|treatments?)[ :-]{1,3}(?:that (?:were|have been) |which (?:were|have been) |you should |to |now )?continue/iu;

/** True for a heading such as "Stopped medicines:". */
export const isAsideHeading = (text: string) => asideHeading.test(text) && !notContinue.test(text);

/** True if the text has a word that says that a drug is not to be handed over. */
export const hasHistory = (text: string) => afterName.test(text.replace(cautions, ' '));

const nothing = /\b(?:none|nil|nkda|nka|no known|no drug|unknown|not known|no allergies|no|keine|aucune)\b/i;

/** True for "Allergies: none known". */
export const isNoAllergy = (text: string) =>
  nothing.test(text) && !hasDose(text) && namesOf(text).length === 0;

const allergyLine = /^[^\p{L}]{0,9}(?:\p{L}+ ){0,2}(?:allerg|adverse|sensitivit|intoleran)/iu;
const supply = /(?<!\p{L})(?:qty|quantity|disp|supply|supplied|refills?|sig)(?!\p{L})|# ?\d/iu;

/**
 * What a line says of a drug's past. `none`: nothing. `aside`: this drug is not to be handed over. `above`: so is the drug of the
 * line above. `unclear`: it says several things.
 */
export type History = 'none' | 'furniture' | 'aside' | 'allergy' | 'above' | 'unclear';

/** Reads what a line says of a drug's past: stopped, refused, an allergy. */
export function historyOf(text: string): History {
  const plain = text.replace(cautions, (caution) => ' '.repeat(caution.length));
  const at = anyHistory.exec(plain)?.index ?? -1;
  if (at < 0) return 'none';
  const names = namesOf(text);
  const strength = findStrength(text, 0)?.start;
  if (allergyLine.test(text)) {
    if (isNoAllergy(text)) return 'furniture';
    return names.length <= 3 && !hasVerb(text) && !supply.test(text) ? 'allergy' : 'unclear';
  }
  const drug = Math.min(names[0] ?? Number.POSITIVE_INFINITY, strength ?? Number.POSITIVE_INFINITY);
  if (!Number.isFinite(drug)) return afterName.test(plain) ? 'above' : 'none';
  if (at > drug && !afterName.test(plain) && names.length <= 1) return 'none';
  if (names.length > 1 || positive.test(text)) return 'unclear';
  if (at < drug) return 'aside';
  return hasVerb(text) || supply.test(text) || isOrder(text, drug, at) ? 'unclear' : 'aside';
}

/** Quantity or directions stand between the name and the word of history: "Nystatin …, 1 ml four times a day, hold in mouth". */
const isOrder = (text: string, drug: number, at: number) =>
  scan(text.slice(Math.min(drug, at), at), nothingOpen).some(
    ({ kind }) => kind === 'quantity' || kind === 'directions',
  ) || scan(text, nothingOpen).some(({ kind }) => kind === 'quantity');

const hasVerb = (text: string) =>
  text
    .split(/[^\p{L}']+/u)
    .some(
      (word) =>
        isVerb(word) &&
        !/^(?:drop|start|continue|increase|reduce|change|replace|wash|remove|add|wear|drink)$/i.test(word),
    );
