import { isFrequency, isVerb } from './direction-words.ts';
import { formAt, isCountable, isSolid } from './forms.ts';
import { matchAt, sticky, wordEnd } from './patterns.ts';
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
const spelled =
  '(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fourteen|fifteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred)';
const inWords = `(?: ?\\(${spelled}(?:[ -]${spelled}){0,2}\\))?`;
const label =
  '(?:(?:qty|quantity|quantité|qté|menge|anzahl)(?:[. ](?:to dispense|to supply|dispensed|supplied|prescribed))?|disp(?:ense)?|supply|(?<!(?:last|previously|already|total|was|were) )(?:supplied|dispensed|issued)|mitte|total (?:quantity|qty)|total(?= ?:)|(?:no|nr)\\.? of (?:tablets|capsules|units)|n°|nº|№|no\\.)';
const notTime =
  '(?! ?-?(?:days?(?!:)|weeks?|months?|hours?|hrs?|d|wks?|doses?|times|refills?(?!:| \\d)|repeats?(?!:| \\d)|/7|/52|/12|%|mg|mcg)(?!\\p{L}))';
const labelledNumber = sticky(`${label}[ .:#=-]{0,4}(?:${spelled} \\()?${whole}\\)?${notTime}${inWords}`);
const hashNumber = sticky(`# ?${whole}${notTime}${inWords}(?=$| ?[,;.(]| [\\p{L}])`);
const timesNumber = sticky(`(?<!\\d ?)[x×] ?${whole}${notTime}(?=$| ?[,;.:(]| [\\p{L}(])`);
const germanNumber = sticky(`(?:N[123] )?${whole} ?(?:St(?:ück|\\.|k\\.?)?|Stk)${wordEnd}`);
const plainNumber = sticky(`(?:(?:${spelled} \\()${whole}\\)|${whole})${inWords}(?: x(?= \\p{L}))?`);
const wordsAfter = sticky(` \\(${spelled}(?:[ -]${spelled}){0,2}\\)`);
const packHere = sticky(
  `(?:bottles?|tubes?|packs?|packets?|boxes|box|devices?|jars?|pots?|kits?|containers?|ea|each|pumps?|canisters?|OP|pieces?)${wordEnd}`,
);
const bulkHere = sticky(
  `(?:ml|mls|millilitres?|g|gm|grams?|gms)${wordEnd}(?: (?:bottle|tube|pack|jar|pot)${wordEnd})?`,
);
const rate =
  /^ ?(?:\/|per|a|each|every|in|once|twice) ?(?:day|daily|week|weekly|24|month|hours?)|^ ?(?:daily|weekly|monthly|on (?:mon|tue|wed|thu|fri|sat|sun))/i;

const tens: Readonly<Record<string, number>> = {
  twenty: 20,
  thirty: 30,
  forty: 40,
  fifty: 50,
  sixty: 60,
  seventy: 70,
  eighty: 80,
  ninety: 90,
  hundred: 100,
};
const ones =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen'.split(' ');

/** The number in words beside the number in digits says something else: "30 (ninety)". */
function isContradicted(written: string): boolean {
  const digits = Number(/\d[\d,]*/.exec(written)?.[0].replace(',', ''));
  const words = written
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word in tens || ones.includes(word));
  if (words.length === 0) return false;
  const value = words.reduce(
    (sum, word) => (word === 'hundred' ? Math.max(sum, 1) * 100 : sum + (tens[word] ?? ones.indexOf(word))),
    0,
  );
  return value !== digits;
}

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

/** A quantity with a label, that is nothing else: "Qty: 28", "Disp-90 tablet", "#30", "50 St". */
export function labelledQuantityAt(text: string, at: number): FoundQuantity | undefined {
  const found = [labelledNumber, hashNumber, germanNumber]
    .map((pattern) => matchAt(pattern, text, at))
    .find((match) => match !== undefined);
  if (found) {
    const counted = withUnit(text, at + found[0].length, numberIn(found), false);
    const days = counted && matchAt(daysAfter, text, counted.end);
    // "Dispense 7 tablets weekly" is no plain quantity.
    const isRate = counted && rate.test(text.slice(counted.end));
    return (
      counted && {
        ...counted,
        end: counted.end + (days?.[0].length ?? 0),
        isUnclear: isRate || isContradicted(found[0]),
      }
    );
  }
  const plain = matchAt(plainNumber, text, at);
  const counted = plain && withUnit(text, at + plain[0].length, numberIn(plain), false);
  const after = counted && matchAt(labelAfter, text, counted.end);
  if (counted && after) return { ...counted, end: counted.end + after[0].length };
  const times = matchAt(timesNumber, text, at);
  if (!times) return undefined;
  const read = withUnit(text, at + times[0].length, numberIn(times), false);
  if (!read) return undefined;
  const isQuantity = read.form !== undefined || matchAt(clauseEnd, text, read.end) !== undefined;
  // "1 tds x 7" can be seven days.
  return isQuantity
    ? { ...read, isUnclear: read.form === undefined && (read.quantity ?? 0) < 10 }
    : undefined;
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
  if (isContradicted(found[0])) return { end, quantity: undefined, isUnclear: true };
  const canBeDose = form !== undefined && isSolid(form) && (number ?? 0) < 5;
  return { end, quantity: number, ...(form !== undefined && { form }), isUnclear: canBeDose };
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
  return { end: unit ? at + unit[0].length : end, quantity, isUnclear };
}

function numberIn(found: RegExpExecArray): number | undefined {
  const number = Number((found[1] ?? found[2] ?? '').replace(',', ''));
  return number >= 1 && number <= quantityMax ? number : undefined;
}

const count = `(?:\\d{1,3}|none|no|nil|zero|prn|${spelled})`;
const known = sticky(
  [
    `(?:no|zero|\\d{1,2}|${spelled}) ?(?:refills?|repeats)${wordEnd}`,
    `(?:refills?|repeats|rpts?|rf|ref)\\.?(?: (?:authorized|authorised|allowed|remaining))?[ :=#x×-]{0,4}${count}${wordEnd}${inWords}(?: times)?`,
    `repeat ?[:=x×] ?${count}(?= ?(?:[,;|.]|$))`,
    'r-\\d{1,2}(?!\\d)',
    `(?:max(?:imum)? |for )?\\d{1,3}[ -]days?['’]?s? supply${wordEnd}`,
    `days?['’]?s? ?supply[ :=-]{0,4}\\d{1,3}(?: days?)?${wordEnd}`,
    `supply for \\d{1,3} days?${wordEnd}`,
    `days?: ?\\d{1,3}${wordEnd}`,
    `(?:normal|daw:? ?\\d?|dispense as written|may substitute|substitut(?:e|ion) (?:permitted|allowed|ok|permissible)|generic (?:ok|permitted|allowed|substitution (?:permitted|allowed|ok))|brand (?:only|necessary|medically necessary)|do not substitute|no substitution|aut idem|n[123]|patent|local print|print|e-prescribed|eprescribed)${wordEnd}`,
    `(?:[2-9]\\d|\\d{3,4})[ -]?(?:doses?|actuations?|puffs?|sprays?|inhalations?)(?= ?(?:[,;|]|[.](?: |$)|$))`,
    `pack(?: size)?(?: of|:) \\d{1,4}${wordEnd}`,
    `(?:for|indication|diagnosis|reason)[:] ?[^,;.|]{1,60}`,
    `item ?(?:no\\.? ?)?\\d{1,2}(?: of \\d{1,2})?${wordEnd}`,
    `(?:start|end|stop|last|next)(?: date)?: ?\\d{1,4}[/.-]\\d{1,2}[/.-]\\d{1,4}`,
    `date:? ?\\d{1,4}[/.-]\\d{1,2}[/.-]\\d{1,4}`,
  ].join('|'),
);

const hasDirectionWords = (phrase: string) =>
  /^(?:for|indication|diagnosis|reason)/i.test(phrase) &&
  phrase
    .split(/[^\p{L}]+/u)
    .slice(1)
    .some(
      (word) =>
        isFrequency(word) ||
        isVerb(word) ||
        /^(?:days?|weeks?|if|only|until|stop(?:ped)?|not|half)$/i.test(word),
    );

/** The end of a phrase that is neither quantity nor directions: refills, days' supply, dose counts. Undefined if there is none. */
export function knownPhraseAt(text: string, at: number): number | undefined {
  const found = matchAt(known, text, at);
  // "Reason: fluid on alternate days" has directions.
  if (found?.[0].includes(':') && hasDirectionWords(found[0])) return undefined;
  return found ? at + found[0].length : undefined;
}
