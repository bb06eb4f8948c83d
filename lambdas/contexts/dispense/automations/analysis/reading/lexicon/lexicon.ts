import lines from './lexicon.json' with { type: 'json' };
import { isListed, isTotal } from './listed-strength.ts';

/** What the lexicon has of a substance, or of a combination of substances ("one + other"). */
interface Entry {
  readonly substance: string;
  readonly strengths: readonly string[];
}

interface Index {
  readonly byName: ReadonlyMap<string, readonly Entry[]>;
  /** The beginnings of all names up to the first space or mark: a fast test. */
  readonly firstWords: ReadonlySet<string>;
}

let index: Index | undefined;

/** Made at the first use, because other code of a bundle may never read a prescription. */
function lexicon(): Index {
  index ??= indexOf(lines);
  return index;
}

function indexOf(all: readonly string[]): Index {
  const byName = new Map<string, Entry[]>();
  const firstWords = new Set<string>();
  for (const line of all) {
    const [written = '', strengths = '', names = ''] = line.split('|');
    const substance = written.replace(/^-/, '');
    const entry = { substance, strengths: strengths === '' ? [] : strengths.split(' ') };
    const own = written.startsWith('-') ? [] : [substance];
    for (const name of [...own, ...names.split(',')]) {
      if (name === '') continue;
      byName.set(name, [...(byName.get(name) ?? []), entry]);
      firstWords.add(firstWordOf(name));
    }
  }
  return { byName, firstWords };
}

const firstWordOf = (name: string) => name.split(/[ /+-]/, 1)[0] ?? '';

/** Words of a name that say how it is released or made, and salts, which products name in many ways. */
const additions = new Set(
  'er xr sr xl la mr cr ec dr ir pr sa hfa odt od retard forte plus ds hcl sodium potassium calcium magnesium hydrochloride sulfate sulphate maleate besylate besilate mesylate mesilate tartrate bitartrate succinate fumarate phosphate acetate citrate nitrate bromide hydrobromide carbonate lactate valerate propionate dipropionate furoate trihydrate dihydrate monohydrate anhydrous natrium erbumine arginine medoxomil cilexetil axetil etexilate xinafoate dihydrochloride modified-release extended-release prolonged-release gastro-resistant slow-release film-coated'.split(
    ' ',
  ),
);

const nameMaxWords = 5;

/** True for the name of a drug, with its salt and its brand, or of a combination of drugs. */
export const isKnownName = (name: string) => partsOf(name) !== undefined;

/** The length of the longest name of a drug that begins here. 0: none does. */
export function longestNameAt(text: string, at: number): number {
  const words =
    /^[\p{L}\p{N}'’/+-]{1,60}(?: [\p{L}\p{N}'’/+-]{1,60}){0,4}/u
      .exec(text.slice(at, at + 200))?.[0]
      .split(' ') ?? [];
  if (!lexicon().firstWords.has(firstWordOf((words[0] ?? '').toLowerCase()))) return 0;
  for (let count = Math.min(words.length, nameMaxWords); count > 0; count -= 1) {
    const name = words
      .slice(0, count)
      .join(' ')
      .replace(/[/+'’-]+$/, '');
    if (isKnownName(name)) return name.length;
  }
  return 0;
}

/** Whether a product of this drug with this strength is listed. Undefined: no list has strengths of the drug in such a unit. */
export function isKnownStrength(name: string, strength: string, form?: string): boolean | undefined {
  const parts = partsOf(name);
  if (!parts) return undefined;
  const entries = parts.length === 1 ? (parts[0] ?? []) : combined(parts);
  if (parts.length === 1 && !entries.some(isCombination) && isSum(strength)) return false;
  const answers = entries.map((entry) =>
    isListed(strength, entry.strengths, entry.substance.includes(' + '), form),
  );
  if (answers.includes(true)) return true;
  if (oneWord.test(name) && entries.some((entry) => isTotal(strength, entry.strengths))) return true;
  return answers.includes(false) ? false : undefined;
}

/** "25 mcg + 50 mcg": two strengths. They belong to two drugs. */
const isSum = (strength: string) => /[+&]| and /i.test(strength);

/** A name that stands for a whole combination: "Co-trimoxazole". Beside "one/other" a single amount is rather a part. */
const oneWord = /^(?:co-)?\p{L}+$/iu;

/** True for a drug of one substance whose pieces come in several strengths. */
export function hasPiecesOfSeveralStrengths(name: string): boolean {
  const parts = partsOf(name) ?? [];
  const entries = parts.length === 1 ? (parts[0] ?? []) : [];
  return entries.some(
    (entry) => !isCombination(entry) && entry.strengths.filter((one) => /^\d/.test(one)).length > 1,
  );
}

/** The substances of a drug, by their names in the lexicon. Empty: the name is not known. */
export function substancesOf(name: string): ReadonlySet<string> {
  const entries = (partsOf(name) ?? []).flat();
  return new Set(entries.flatMap(({ substance }) => substance.split(' + ')));
}

/** True if products of several strengths of this drug are listed, so that its name alone does not say which. */
export const hasSeveralStrengths = (name: string) =>
  (partsOf(name) ?? []).flat().some((entry) => entry.strengths.length > 1);

/** The entries of the combination of these drugs. */
function combined(parts: readonly (readonly Entry[])[]): readonly Entry[] {
  const bases = parts.map((entries) => entries.map(({ substance }) => substance));
  return [...lexicon().byName.values()]
    .flat()
    .filter(({ substance }) => substance.includes(' + '))
    .filter(({ substance }) => {
      const own = substance.split(' + ');
      return own.length === bases.length && bases.every((names) => names.some((one) => own.includes(one)));
    });
}

const isCombination = ({ substance }: Entry) => substance.includes(' + ');

/** For each drug of the name the entries that it can mean. Undefined: a part is not known. */
function partsOf(name: string): readonly (readonly Entry[])[] | undefined {
  const plain = name
    .toLowerCase()
    .replace(/ ?[([][^)\]]{0,60}[)\]]/g, '')
    .replace(/[®™]/g, '')
    .replaceAll('’', "'")
    .trim();
  const whole = entriesOf(plain);
  if (whole) return [whole];
  const parts = plain.split(/ ?[/+&] ?| and | with |(?<=\p{L}{4})-(?=\p{L}{4})/u);
  if (parts.length < 2 || parts.length > 4) return undefined;
  const entries = parts.map(entriesOf);
  return entries.every((found) => found !== undefined) ? entries : undefined;
}

function entriesOf(name: string): readonly Entry[] | undefined {
  const { byName } = lexicon();
  const words = name.trim().split(' ');
  // "Microgynon 30": brands of combinations have numbers. "Warfarin 30" is no name.
  const number = /^\d{2,3}$/.test(words.at(-1) ?? '') ? words.length - 1 : 0;
  if (number > 0) words.pop();
  while (words.length > 0) {
    const found = byName.get(words.join(' '));
    if (found) return words.length === number && !found.some(isCombination) ? undefined : found;
    if (!additions.has(words.at(-1) ?? '')) return undefined;
    words.pop();
  }
  return undefined;
}
