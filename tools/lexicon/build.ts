import { normalName, withoutSalt } from './names.ts';
import { type Product, readNdc } from './ndc.ts';
import { readUnii } from './unii.ts';

/** The texts that the lexicon is made from. */
export interface Sources {
  /** `product.txt` of the NDC Directory. */
  readonly ndc: string;
  /** `UNII_Names.txt`. */
  readonly unii: string;
  /** The concept map with German names of KBV. Empty: without it. */
  readonly german: string;
  /** Names and strengths written by hand: substance, strengths, names. */
  readonly supplement: string;
  /** Names that are left out, because they are common words or first names. */
  readonly dropped: string;
}

interface Entry {
  readonly names: Set<string>;
  readonly strengths: Set<string>;
}

/** The lines of the lexicon: "substance|strengths|other names". Of a combination: "one + other||names". */
export function buildLexicon({ ndc, unii, german, supplement, dropped }: Sources): string[] {
  const left = new Set(dropped.split(/\r?\n/));
  const products = [...readNdc(ndc)];
  const used = new Set(products.flatMap(({ substances }) => substances));
  const entries = new Map<string, Entry>();
  for (const [substance, names] of readUnii(unii, (name) => used.has(name)))
    addAll(entries, substance, names);
  for (const product of products) addProduct(entries, product);
  removeRare(entries, products);
  for (const [name, substance] of germanNames(german)) {
    const own = withoutSalt(substance);
    addAll(entries, entries.has(own) ? own : name, [name]);
  }
  for (const line of supplement.split(/\r?\n/)) addLine(entries, line);
  return [...entries]
    .map(([substance, entry]) => lineOf(substance, entry, left))
    .filter((line) => line !== '')
    .sort();
}

function entryOf(entries: Map<string, Entry>, substance: string): Entry {
  const entry = entries.get(substance) ?? { names: new Set(), strengths: new Set() };
  entries.set(substance, entry);
  return entry;
}

function addAll(entries: Map<string, Entry>, substance: string, names: Iterable<string>): void {
  const entry = entryOf(entries, substance);
  for (const name of names) entry.names.add(name);
}

function addProduct(entries: Map<string, Entry>, product: Product): void {
  const { substances, salts, strengths, brand, generic, isOtherForm } = product;
  if (substances.length === 0 || substances.length > 4) return;
  for (const [index, substance] of substances.entries()) {
    entryOf(entries, substance).names.add(salts[index] ?? substance);
  }
  const order = substances
    .map((_, index) => index)
    .sort((one, other) => ((substances[one] ?? '') < (substances[other] ?? '') ? -1 : 1));
  const whole = entryOf(entries, order.map((index) => substances[index]).join(' + '));
  const strength = order.map((index) => strengths[index] ?? '');
  const isMarked = isOtherForm && strength.every((part) => !part.includes('/'));
  if (strength.every((part) => part !== ''))
    whole.strengths.add(`${isMarked ? 'i' : ''}${strength.join('+')}`);
  if (!/\d ?mg|\d{3}/.test(brand)) whole.names.add(brand);
  if (substances.length === 1) whole.names.add(generic);
}

/** Names that one or two products use, and that no other list has, can be misspelled: a word of them differs in a letter from a common one. */
function removeRare(entries: Map<string, Entry>, products: readonly Product[]): void {
  const labels = new Map<string, number>();
  for (const { generic, brand } of products) {
    for (const name of new Set([generic, brand])) labels.set(name, (labels.get(name) ?? 0) + 1);
  }
  const sure = new Set([...labels].filter(([, count]) => count >= 5).flatMap(([name]) => name.split(' ')));
  const isMisspelled = (word: string) =>
    word.length >= 5 && !sure.has(word) && neighbours(word).some((other) => sure.has(other));
  for (const { names } of entries.values()) {
    for (const name of names) {
      if ((labels.get(name) ?? 9) <= 2 && name.split(' ').some(isMisspelled)) names.delete(name);
    }
  }
}

function neighbours(name: string): string[] {
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  return [...name].flatMap((_, at) => [
    name.slice(0, at) + name.slice(at + 1),
    ...[...letters].flatMap((letter) => [
      name.slice(0, at) + letter + name.slice(at + 1),
      name.slice(0, at) + letter + name.slice(at),
    ]),
  ]);
}

function* germanNames(text: string): Generator<readonly [string, string]> {
  const pattern = /display: "([^"]+)",\s*target: \[\s*\{\s*code: "[^"]*",\s*display: "([^"]+)"/g;
  for (const [, english = '', german = ''] of text.matchAll(pattern)) {
    if (!/[[\]()\d]/.test(german))
      yield [normalName(german), normalName(english.replace(/ \(substance\)$/, ''))];
  }
}

function addLine(entries: Map<string, Entry>, line: string): void {
  if (line === '' || line.startsWith('#')) return;
  const [substance = '', strengths = '', names = ''] = line.split('\t');
  const entry = entryOf(entries, substance);
  for (const strength of strengths.split(' ').filter((one) => one !== '')) entry.strengths.add(strength);
  for (const name of names.split(',').filter((one) => one !== '')) entry.names.add(`!${normalName(name)}`);
}

/** Names by hand, marked with "!", are never left out. */
function lineOf(substance: string, { names, strengths }: Entry, left: ReadonlySet<string>): string {
  const kept = [...names].flatMap((name) => {
    if (name.startsWith('!')) return [name.slice(1)];
    return isUsable(name) && !left.has(name) ? [name] : [];
  });
  const others = [...new Set(kept)].filter((name) => name !== substance).sort();
  const isOwn =
    !left.has(substance) && (kept.includes(substance) || substance.includes(' + ') || strengths.size > 0);
  if (others.length === 0 && !isOwn) return '';
  const listed = [...strengths].filter((one) => !one.startsWith('i') || !strengths.has(one.slice(1)));
  const sorted = listed.sort((one, other) => Number(one) - Number(other) || (one < other ? -1 : 1));
  return `${isOwn ? '' : '-'}${substance}|${sorted.join(' ')}|${others.join(',')}`;
}

/** Words of names that are no names of drugs: parts of products, purposes, forms. */
const noName =
  /\b(?:component|impurity|tablets?|capsules?|extended|delayed|release|pain|relief|reliever|arthritis|fever|cold|flu|cough|allergy|care|health|strength|childrens?|infants?|kit|salt|hour|day|night|time|body|skin|sun|spf|wash|hand|acne|maximum|extra|regular|plus|with|for|the|of|kids|baby)\b/;

const isUsable = (name: string) =>
  name.split(' ').length <= 4 &&
  !noName.test(name) &&
  name.length >= 4 &&
  name.length <= 40 &&
  /^[\p{L}][\p{L}\p{N} '/+-]*$/u.test(name) &&
  !/\d{3}/.test(name);
