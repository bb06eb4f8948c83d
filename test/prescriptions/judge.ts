/** A drug that a sample states. A part that is left out is not compared. */
export interface StatedDrug {
  readonly name: string;
  /** Null: none is stated. */
  readonly strength: string | null;
  readonly form?: string | null;
  /** Null: none is stated, and none may be invented. A derived one is marked and accepted. */
  readonly quantity: number | null;
  /** What the directions must keep. `|` separates spellings. */
  readonly directionsKeep?: readonly string[];
}

/** The parts of a drug that are compared. */
export interface ReadDrug {
  readonly name: string;
  readonly strength: string | null;
  readonly form: string | null;
  readonly quantity: number | null;
  readonly quantityIsDerived: boolean;
  readonly directions: string | null;
}

/** What differs between the drugs read and those that the document states, a phrase each. Empty: the reading is right. */
export function differences(read: readonly ReadDrug[], stated: readonly StatedDrug[]): string[] {
  if (read.length !== stated.length) return [`${read.length} drugs instead of ${stated.length}`];
  return stated.flatMap((expected, index) => differencesOf(read[index] as ReadDrug, expected));
}

function differencesOf(read: ReadDrug, stated: StatedDrug): string[] {
  const found: string[] = [];
  const compare = (isRight: boolean, part: string, was: unknown, should: unknown) => {
    if (!isRight)
      found.push(`${stated.name}: ${part} ${JSON.stringify(was)} instead of ${JSON.stringify(should)}`);
  };
  compare(isNamed(read.name, stated.name), 'name', read.name, stated.name);
  compare(tight(read.strength) === tight(stated.strength), 'strength', read.strength, stated.strength);
  if (stated.form !== undefined) compare(isForm(read.form, stated.form), 'form', read.form, stated.form);
  const isQuantity =
    read.quantity === stated.quantity || (stated.quantity === null && read.quantityIsDerived);
  compare(isQuantity, 'quantity', read.quantity, stated.quantity);
  for (const kept of stated.directionsKeep ?? []) {
    const isKept = kept.split('|').some((spelling) => flat(read.directions).includes(flat(spelling)));
    compare(isKept, 'directions', read.directions, kept);
  }
  return found;
}

/** The name, alone or before words without digits: "Atorvastatin (Lipitor)". */
function isNamed(read: string, stated: string): boolean {
  const [name, expected] = [flat(read), flat(stated)];
  return (
    name === expected || (name.startsWith(expected) && /^[\s(,][^\d]*$/.test(name.slice(expected.length)))
  );
}

/** The form in the singular or plural, alone or after words about it: "film-coated tablets". */
function isForm(read: string | null, stated: string | null): boolean {
  const [form, expected] = [read, stated].map((text) => flat(text).replace(/s$/, '')) as [string, string];
  return form === expected || (expected !== '' && form.endsWith(` ${expected}`));
}

/** Lower case, with single spaces. */
function flat(text: string | null): string {
  return (text ?? '').toLowerCase().replace(/\s+/g, ' ').trim();
}

/** Lower case, without spaces. */
function tight(text: string | null): string {
  return flat(text).replaceAll(' ', '');
}
