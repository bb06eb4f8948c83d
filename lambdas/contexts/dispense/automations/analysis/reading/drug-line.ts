import { formOf, isDirectionVerb, isHeaderWord } from './vocabulary.ts';

/** The parts of one line about a drug. */
export interface DrugLine {
  readonly name: string;
  readonly strength: string | undefined;
  readonly form: string | undefined;
  readonly quantity: number | undefined;
  /** Empty: the line has no directions. */
  readonly directions: string;
  /** The strength had letters instead of digits, which is common in text from bad pictures. */
  readonly isRepaired: boolean;
}

/** Every repetition is bounded and lines are short, so these patterns are fast for any text. */
const numberText = '[0-9OoSlIB]{1,6}(?:[.,][0-9]{1,3})?';
const unitText = 'mcg|mg|µg|μg|ug|g|ml|iu|units?|mmol|%';
const perText = '(?:[0-9.]{1,6} ?)?(?:ml|mg|g|dose|puff|actuation|hour|hr|h)';
const strengthPattern = new RegExp(
  `(?<![A-Za-z0-9.,])(${numberText}(?:/${numberText})?) ?(${unitText})(?![A-Za-z])( ?/ ?${perText}(?![A-Za-z]))?`,
  'i',
);

const listMarker = /^(?:\(?\d{1,2}[.)]|[-*•·]|rx[:.]?(?= )|℞)\s{0,3}/i;
const nameMaxWords = 6;

/** Forms of a quantity, the clearest first. The last accepts a number between commas or at the end of the line. */
const quantityPatterns = [
  /\b(?:qty|quantity|disp|dispense|supply|total)\b[ .:#]{0,4}(\d{1,4})\b(?![.,]?\d)/i,
  /(?:#|№|\bno[.:]) ?(\d{1,4})\b(?![.,]?\d)/i,
  /(?:^|[ ,;])[x×] ?(\d{1,4})\b(?![.,]?\d)/i,
  /(?:^|[,;:] ?)(\d{1,4})(?: [a-z]{3,12})?(?=$|[,;] )/i,
];

/** Reads a line with a drug and its strength, or its form and quantity. Undefined for any other line. */
export function readDrugLine(line: string): DrugLine | undefined {
  const text = line.replace(listMarker, '');
  const [first = ''] = text.split(/[ :]/, 1);
  if (isHeaderWord(first) || isDirectionVerb(first)) return undefined;
  const strength = strengthPattern.exec(text);
  return strength && /\d/.test(strength[1] ?? '') ? withStrength(text, strength) : withoutStrength(text);
}

/** The quantity in a text, and its position. */
export function findQuantity(text: string): { quantity: number; start: number; end: number } | undefined {
  for (const pattern of quantityPatterns) {
    const found = pattern.exec(text);
    const quantity = Number(found?.[1]);
    if (found && quantity >= 1) return { quantity, start: found.index, end: found.index + found[0].length };
  }
  return undefined;
}

function withStrength(text: string, match: RegExpExecArray): DrugLine | undefined {
  const [whole, amount = '', unit = '', per = ''] = match;
  const before = splitForm(text.slice(0, match.index));
  const name = nameOf(before.rest);
  if (name === undefined) return undefined;
  const repaired = amount.replace(/[Oo]/g, '0').replace(/S/gi, '5').replace(/[lI]/g, '1').replace(/B/gi, '8');
  const after = readRest(text.slice(match.index + whole.length));
  return {
    ...after,
    name,
    strength: `${repaired} ${unitOf(unit)}${per.replaceAll(' ', '').toLowerCase()}`,
    form: after.form ?? before.form,
    isRepaired: repaired !== amount,
  };
}

/** The unit in its safest form: "µg" is easily misread as "mg", so it becomes "mcg". */
function unitOf(unit: string): string {
  const lower = unit.toLowerCase();
  if (lower === 'iu') return 'IU';
  return /^(?:µg|μg|ug)$/.test(lower) ? 'mcg' : lower;
}

/** Reads a line without a strength, which needs a form and a quantity: "Senna tablets, 20, take two at night". */
function withoutStrength(text: string): DrugLine | undefined {
  const words = text.split(' ');
  const at = words.findIndex((word) => formOf(word) !== undefined);
  const name = nameOf(words.slice(0, Math.max(at, 0)).join(' '));
  if (name === undefined) return undefined;
  const after = readRest(words.slice(at).join(' '));
  if (after.quantity === undefined) return undefined;
  return { ...after, name, strength: undefined, isRepaired: false };
}

/** Splits the form from the end of the text before the strength: "Ibuprofen tablets" 400 mg. */
function splitForm(text: string): { rest: string; form: string | undefined } {
  const words = text.trim().split(' ');
  const form = formOf(words.at(-1) ?? '');
  return form === undefined ? { rest: text, form } : { rest: words.slice(0, -1).join(' '), form };
}

/** The name of the drug: a few words that begin with letters and are not about people or places. */
function nameOf(text: string): string | undefined {
  const labelled = /^(?:rx|drug|medicine|medication) ?[:-] ?(.{1,200})$/i.exec(text);
  const name = trimmed(labelled?.[1] ?? text);
  const words = name.split(' ');
  const isName =
    /^[\p{L}][\p{L}\p{N} '()+./-]{2,99}$/u.test(name) &&
    /\p{L}{3}/u.test(name) &&
    words.length <= nameMaxWords &&
    !words.some(isHeaderWord);
  return isName ? name : undefined;
}

/** Form, quantity and directions in the text after the strength. */
function readRest(text: string): Pick<DrugLine, 'form' | 'quantity' | 'directions'> {
  const words = trimmed(text).split(' ');
  const at = words.slice(0, 3).findIndex((word) => formOf(word) !== undefined);
  const form = formOf(words[at] ?? '');
  const qualifiers = words.slice(0, Math.max(at, 0));
  const isForm = form !== undefined && qualifiers.every((word) => /^[a-z][a-z-]{1,20}$/i.test(word));
  // A number before the form is the quantity, as in "60 tablets". It stays in `rest`.
  const rest = isForm ? trimmed(words.slice(at + 1).join(' ')) : words.join(' ');
  const found = findQuantity(rest);
  const left = found ? `${rest.slice(0, found.start)} ${rest.slice(found.end)}` : rest;
  return {
    form: isForm ? qualified(form, qualifiers) : form,
    quantity: found?.quantity,
    directions: directionsOf(left),
  };
}

/** The form with its qualifiers: "eye drops", "film coated tablet". A qualifier that the form begins with is not repeated. */
function qualified(form: string, qualifiers: readonly string[]): string {
  const words = qualifiers.map((word) => word.toLowerCase()).filter((word) => !form.startsWith(word));
  return [...words, form].join(' ');
}

/** The directions in a text, without their label. Empty for fewer than two words. */
export function directionsOf(text: string): string {
  const directions = trimmed(trimmed(text).replace(/^(?:sig|directions?)\b[ .:]{0,3}/i, ''));
  return /\p{L}{2,} \p{L}|\d \p{L}{2}/u.test(directions) ? directions : '';
}

/** Removes spaces and punctuation at the ends, except a closing bracket. */
function trimmed(text: string): string {
  return text
    .replace(/ {2,}/g, ' ')
    .replace(/^[ ,;:.|_-]{1,99}/, '')
    .replace(/[ ,;:|_-]{1,99}$/, '');
}
