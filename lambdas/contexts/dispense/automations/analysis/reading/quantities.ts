import { isFrequency } from './direction-words.ts';
import { formAt, isCountable, isSolid } from './forms.ts';
import { matchAt, sticky, wordEnd } from './patterns.ts';
import { spelledNumber, spelledSource } from './spelled-number.ts';
import { numberSource, packSource } from './strengths.ts';

/** A number of things to hand over. Undefined: what is written is no whole number from 1 to 100,000. */
export interface FoundQuantity {
  readonly end: number;
  readonly quantity: number | undefined;
  /** The form that is counted: "28 tablets". */
  readonly form?: string;
  /** It can as well be a dose: "1 tablet". */
  readonly isUnclear: boolean;
}

export const quantityMax = 100_000;

const whole = '(\\d{1,3},\\d{3}|\\d{1,6})(?![\\d.,/–-]?\\d)';
const spelled = spelledSource;
const inWords = `(?: ?\\(${spelled}\\))?`;
const label =
  '(?:(?:qty|quantity|quantité|qté|menge|anzahl)(?:[. ](?:to dispense|to supply|dispensed|supplied|prescribed))?|disp(?:ense)?|supply|(?<!(?:last|previously|already|total|was|were) )(?:supplied|dispensed|issued)|mitte|total (?:quantity|qty)|total(?= ?[:=])|(?:no|nr)\\.? of (?:tablets|capsules|units)|n°|nº|№|no\\.)';
const notTime =
  '(?! ?-?(?:days?(?!:)|weeks?|months?|hours?|hrs?|d|wks?|doses?|times|refills?(?!:| \\d)|repeats?(?!:| \\d)|/7|/52|/12|%|mg|mcg)(?!\\p{L}))';
const notNow = '(?<!(?:last|previously|already|prior|before) )';
const zeros = '(?:\\.0{1,2}(?!\\d)|(?<=(?:qty|quantity)[ .:#=-]{0,4}\\d{1,4})\\.000(?!\\d))?';
const wholeOrZeros = `(\\d{1,3},\\d{3}|\\d{1,6})${zeros}(?![\\d.,/–-]?\\d)`;
const labelledNumber = sticky(
  `${notNow}${label}[ .:#=-]{0,4}(?:${spelled} \\()?${wholeOrZeros}\\)?${notTime}${inWords}`,
);
const labelledWords = sticky(
  `${notNow}${label} ?[:=] ?(?<words>${spelled})${notTime}(?= ?(?:[,;|]|[.](?: |$)|$))`,
);
const hashNumber = sticky(`# ?${whole}${notTime}${inWords}(?=$| ?[,;.(]| [\\p{L}])`);
const timesNumber = sticky(`(?<!\\d ?)[x×] ?${whole}${notTime}(?=$| ?[,;.:(]| [\\p{L}(])`);
const germanNumber = sticky(`(?:N[123] )?${whole} ?(?:St(?:ück|\\.|k\\.?)?|Stk)${wordEnd}`);
const plainNumber = sticky(`(?:(?:${spelled} \\()${whole}\\)|${whole})${inWords}(?: x(?= \\p{L}))?`);
const wordsAfter = sticky(` \\(${spelled}\\)`);
const packHere = sticky(
  `(?:bottles?|tubes?|packs?|packets?|boxes|box|devices?|jars?|pots?|kits?|containers?|ea|each|pumps?|canisters?|OP|pieces?)${wordEnd}`,
);
const bulkHere = sticky(
  `(?:ml|mls|millilitres?|g|gm|grams?|gms)${wordEnd}(?: (?:bottle|tube|pack|jar|pot)${wordEnd})?`,
);
const daysAfter = sticky(' \\(\\d{1,3} days?(?: supply)?\\)');
const labelAfter = sticky(
  ` (?:(?:were |was |to be )?(?:supplied|dispensed|issued|prescribed|given)|to (?:supply|dispense))(?=$| ?[,;.|)])`,
);
const clauseEnd = sticky('(?= ?(?:[,;|]|[.](?: |$)|$)| [-–] )');
/** Directions after a number of pieces, without a comma between them. */
const directionsNext = / (?:Take|One|Two|Three|Apply|Inhale|To be|TAKE|ONE|TWO)(?!\p{L})/uy;
const pack = sticky(
  `(?:\\(${packSource}\\)|(${numberSource}) ?(?:ml|mls|millilitres?|g|grams?)${wordEnd}(?: (?:bottle|tube|pack|jar|pot|vial|ampoule|OP)${wordEnd})?)(?: N[123]${wordEnd})?`,
);

/** What makes a number no quantity by itself: "28 of 56", "2 x 28", "7 tablets weekly". */
const goesOn =
  /^ ?(?:(?:[x×*/+]|-|of|or|to|and|less|packs? of|boxes of) ?\d|(?:daily|weekly|monthly|nightly|every|per|a (?:day|week|month)|each|in \d|on (?:mon|tue|wed|thu|fri|sat|sun)\p{L}*|at a time|or|less|owing)(?!\p{L}))/iu;
/** "2 x 28", "3 packs of 28 tablets", "28 x 2": what a pack has, and how many of them. */
const packs = sticky(
  `\\d{1,4} ?(?:[x×*]|(?:packs?|boxes|box|strips?|bottles?|tubes?|pens?) of|of) ?\\d{1,4}(?:\\.\\d)? ?`,
);

/** A quantity with a label, that is nothing else: "Qty: 28", "Disp-90 tablet", "#30", "50 St". */
export function labelledQuantityAt(text: string, at: number): FoundQuantity | undefined {
  const found = labelledAt(text, at);
  return found && clean(text, at, found);
}

/** Words that do not agree with the number, or a number that goes on, leave the quantity open. */
function clean(text: string, at: number, found: FoundQuantity): FoundQuantity {
  const words = new RegExp(`(?<!\\p{L})${spelledSource}`, 'iu').exec(text.slice(at, found.end))?.[0];
  const isOther = words !== undefined && spelledNumber(words) !== found.quantity;
  return isOther || goesOn.test(text.slice(found.end))
    ? { ...found, quantity: undefined, isUnclear: true }
    : found;
}

function labelledAt(text: string, at: number): FoundQuantity | undefined {
  const words = matchAt(labelledWords, text, at);
  if (words) {
    const quantity = spelledNumber(words.groups?.words ?? '');
    return { end: at + words[0].length, quantity, isUnclear: quantity === undefined };
  }
  const found = [labelledNumber, hashNumber, germanNumber]
    .map((pattern) => matchAt(pattern, text, at))
    .find((match) => match !== undefined);
  if (found) {
    const counted = withUnit(text, at + found[0].length, numberIn(found), isPartOfName(text, at, found[0]));
    const days = counted && matchAt(daysAfter, text, counted.end);
    return counted && { ...counted, end: counted.end + (days?.[0].length ?? 0) };
  }
  const plain = matchAt(plainNumber, text, at);
  const counted = plain && withUnit(text, at + plain[0].length, numberIn(plain), false);
  const after = counted && matchAt(labelAfter, text, counted.end);
  if (counted && after) return { ...counted, end: counted.end + after[0].length };
  return timesAt(text, at);
}

/** "Tylenol #3 tablets": a number of the name. */
const isPartOfName = (text: string, at: number, found: string) =>
  /^# ?[1-9]$/.test(found) &&
  /\p{L} $/u.test(text.slice(0, at)) &&
  /^ \p{L}/u.test(text.slice(at + found.length));

/** What stands before "x 7" where it is a number of days or doses: "1 tds x 7", "1-0-1 x 5", "2 tablets x 1". */
const dosed =
  /(?:\d|½|(?<!\p{L})(?:one|two|three|four|once|twice|daily|day|week|weekly|night|nightly|morning|bedtime|hours|needed|required|od|bd|bid|tds|tid|qds|qid|hs|sos|prn|nocte|mane|repeat|(?:\d|one|two|three|half) ?(?:tablets?|tabs?|capsules?|caps?|puffs?|drops?|sprays?)))[ .,]{0,2}$/iu;

/** "x 28". */
function timesAt(text: string, at: number): FoundQuantity | undefined {
  const times = matchAt(timesNumber, text, at);
  if (!times) return undefined;
  const read = withUnit(text, at + times[0].length, numberIn(times), false);
  if (!read || (read.form === undefined && dosed.test(text.slice(0, at)))) return undefined;
  const isQuantity = read.form !== undefined || matchAt(clauseEnd, text, read.end) !== undefined;
  // "1 tds x 7" can be seven days.
  return isQuantity
    ? { ...read, isUnclear: read.form === undefined && (read.quantity ?? 0) < 10 }
    : undefined;
}

/** "2 x 28 tablets", "3 packs of 28": whether the pieces or the packs are meant is open. */
export function packsAt(text: string, at: number): FoundQuantity | undefined {
  const found = matchAt(packs, text, at);
  if (!found) return undefined;
  const start = at + found[0].trimEnd().length;
  const counted = withUnit(text, start, undefined, true);
  return counted && matchAt(clauseEnd, text, counted.end) ? { ...counted, quantity: undefined } : undefined;
}

/** A quantity without a label, which is a clause of its own: ", 21," or "28 tablets". */
export function plainQuantityAt(text: string, at: number): FoundQuantity | undefined {
  const found = matchAt(plainNumber, text, at);
  if (!found) return undefined;
  const number = numberIn(found);
  const start = at + found[0].length;
  const counted = withUnit(text, start, number, false);
  if (!counted) return undefined;
  const { end, form } = counted;
  const isEnd =
    matchAt(clauseEnd, text, end) ?? (form === undefined ? undefined : matchAt(directionsNext, text, end));
  if (!isEnd || (form === undefined && end !== start && !isPack(text, start))) {
    return undefined;
  }
  if (form !== undefined && !isCountable(form)) return undefined;
  const canBeDose = form !== undefined && isSolid(form) && (number ?? 0) < 5;
  return clean(text, at, {
    end,
    quantity: number,
    ...(form !== undefined && { form }),
    isUnclear: canBeDose,
  });
}

/** The size of a pack: "100 ml", "30 g tube". Undefined if there is none. */
export function packAt(text: string, at: number): FoundQuantity | undefined {
  const found = matchAt(pack, text, at);
  const end = at + (found?.[0].length ?? 0);
  if (!found || !matchAt(clauseEnd, text, end)) return undefined;
  const number = Number((found[1] ?? '').replace(',', '.'));
  return { end, quantity: Number.isInteger(number) && number >= 1 ? number : undefined, isUnclear: false };
}

/** What follows a dose in a list of its parts: "1 tablet, oral, once daily". */
const afterDose =
  /^[ ,;.|–-]{0,4}(?:oral|orally|by mouth|po|p\.o|sc|s\.c|subcut\p{L}*|im|iv|intra\p{L}+|topical\p{L}*|sublingual\p{L}*|under the|inhaled|inhalation|rectal\p{L}*|nasal\p{L}*|via|once|twice|three times|four times|\d times|every|daily|each|at night|nightly|in the|od|bd|bid|tds|tid|qds|qid|prn|as needed|when|as required|sos|if needed|for \d)(?!\p{L})/iu;
/** What follows a quantity: directions with a verb, or nothing. */
const afterQuantity =
  /^[ ,;.|–-]{0,4}(?:(?:sig|directions?|dose|label)\b|take|apply|give|inhale|inject|instil|insert|put|use|place|dissolve|chew|suck|spray|rub|wash|change|swallow|mix|one|two|1|2|as directed)(?!\p{L})/iu;

/** Whether a number with a unit is rather a dose, by what follows it. Undefined: it can be either. */
export function isDoseBefore(rest: string): boolean | undefined {
  if (afterDose.test(rest)) return true;
  return afterQuantity.test(rest) ? false : undefined;
}

function isPack(text: string, at: number): boolean {
  return matchAt(packHere, text, text[at] === ' ' ? at + 1 : at) !== undefined;
}

/** The number with what it counts. Letters that touch the number and are no unit make it no number: "2l" can be 21. */
function withUnit(
  text: string,
  end: number,
  quantity: number | undefined,
  isUnclear: boolean,
): FoundQuantity | undefined {
  const at = text[end] === ' ' ? end + 1 : end;
  const form = formAt(text, at);
  if (form) {
    const words = matchAt(wordsAfter, text, form.end);
    return { end: form.end + (words?.[0].length ?? 0), quantity, form: form.form, isUnclear };
  }
  const unit = matchAt(packHere, text, at) ?? matchAt(bulkHere, text, at);
  if (!unit && /\p{L}/u.test(text[end] ?? '')) return undefined;
  const after = unit ? at + unit[0].length : end;
  return { end: after + (matchAt(wordsAfter, text, after)?.[0].length ?? 0), quantity, isUnclear };
}

function numberIn(found: RegExpExecArray): number | undefined {
  const number = Number((found[1] ?? found[2] ?? '').replace(',', ''));
  return number >= 1 && number <= quantityMax ? number : undefined;
}

const count = `(?:\\d{1,3}|none|no|nil|zero|prn|${spelled})`;
const strong = sticky(
  [
    `(?:no|zero|\\d{1,2}|${spelled}) ?(?:refills?|repeats|rf)${wordEnd}`,
    `(?:refills?|repeats|rpts?|rf|ref)\\.?(?: (?:authorized|authorised|allowed|remaining))?[ :=#x×-]{0,4}${count}${wordEnd}${inWords}(?: times(?! (?:a|per|daily|each|every)))?(?! ?(?:times|a day|a week|daily))`,
    'r-\\d{1,2}(?!\\d)',
    `(?:max(?:imum)? |for )?\\d{1,3}[ -]days?['’]?s? supply${wordEnd}`,
    `days?['’]?s? ?supply[ :=-]{0,4}\\d{1,3}(?: days?)?${wordEnd}`,
    `supply for \\d{1,3} days?${wordEnd}`,
    `days?: ?\\d{1,3}${wordEnd}`,
    `daw:? ?\\d?${wordEnd}`,
    `pack(?: size)?(?: of|:) \\d{1,4}${wordEnd}`,
    `item ?(?:no\\.? ?)?\\d{1,2}(?: of \\d{1,2})?${wordEnd}`,
  ].join('|'),
);
/** Phrases that also are words of directions: they count as a clause of their own only. */
const weak = sticky(
  `(?:${[
    `repeat ?[:=x×] ?${count}${wordEnd}`,
    `(?:normal|dispense as written|may substitute|substitut(?:e|ion):? (?:permitted|allowed|ok|permissible)|generic (?:ok|permitted|allowed|substitution (?:permitted|allowed|ok))|brand (?:only|necessary|medically necessary)|do not substitute|no substitution|aut idem|n[123]|patent|local print|print|e-prescribed|eprescribed)${wordEnd}`,
    `(?:[2-9]\\d|\\d{3,4})[ -]?(?:doses?|actuations?|puffs?|sprays?|inhalations?)`,
    `(?:last|next)(?: date)?: ?\\d{1,4}[/.-]\\d{1,2}[/.-]\\d{1,4}`,
    `date:? ?\\d{1,4}[/.-]\\d{1,2}[/.-]\\d{1,4}`,
  ].join('|')})(?= ?(?:[,;|)]|[.](?: |$)|$))`,
);
const reason = sticky('(?:for|indication|diagnosis|reason)[:] ?([^,;.|]{1,60})');

/** The end of a phrase that is neither quantity nor directions: refills, days' supply, dose counts. Undefined if there is none. */
export function knownPhraseAt(text: string, at: number): number | undefined {
  const found = matchAt(strong, text, at);
  if (found) return at + found[0].length;
  const before = text.slice(0, at).trimEnd();
  const isBoundary = before === '' || /[,;.|)–-]$/.test(before);
  const clause = isBoundary ? matchAt(weak, text, at) : undefined;
  if (clause && !/(?:max|maximum|up to|exceed|than)\W*$/i.test(before)) return at + clause[0].length;
  const why = matchAt(reason, text, at);
  return why && !isDirectionsInReason(why[1] ?? '') ? at + why[0].length : undefined;
}

const isDirectionsInReason = (text: string) =>
  /\d/.test(text) ||
  text
    .split(/[^\p{L}.]+/u)
    .some(
      (word) => isFrequency(word) || /^(?:stop\p{L}*|only|days?|weeks?|until|if|not|half|when)$/iu.test(word),
    );
