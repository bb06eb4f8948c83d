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
  const count = read.length === stated.length ? [] : [`${read.length} drugs instead of ${stated.length}`];
  return [...count, ...stated.flatMap((drug, index) => drugDifferences(read[index], drug))];
}

/** What differs between a drug and what the document states. */
export function drugDifferences(read: ReadDrug | undefined, stated: StatedDrug): string[] {
  if (!read) return [`${stated.name}: missing`];
  const compared: [part: string, isRight: boolean, was: unknown, should: unknown][] = [
    ['name', hasWords(read.name, stated.name), read.name, stated.name],
    ['strength', strengthOf(read.strength) === strengthOf(stated.strength), read.strength, stated.strength],
    ['form', !stated.form || hasForm(read.form, stated.form), read.form, stated.form],
    ['quantity', isQuantity(read, stated), read.quantity, stated.quantity],
  ];
  const lost = (stated.directionsKeep ?? []).filter(
    (kept) => !kept.split('|').some((spelling) => flat(read.directions).includes(flat(spelling))),
  );
  return [
    ...compared
      .filter(([, isRight]) => !isRight)
      .map(([part, , was, should]) => `${stated.name}: ${part} ${was} instead of ${should}`),
    ...lost.map((kept) => `${stated.name}: the directions lost "${kept}"`),
  ];
}

/** Whether the words of `stated` are in `read`, whole and in order: "Atorvastatin (Lipitor)", "film-coated tablets". */
function hasWords(read: string | null, stated: string): boolean {
  return wordsOf(read).includes(wordsOf(stated));
}

/** Every word between spaces. Parts of a combination are words. */
function wordsOf(text: string | null): string {
  return ` ${flat(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .join(' ')} `;
}

/** The form in the singular or the plural. */
function hasForm(read: string | null, stated: string): boolean {
  return hasWords(read, stated) || hasWords(read, `${stated}s`) || hasWords(`${read}s`, stated);
}

function isQuantity({ quantity, quantityIsDerived }: ReadDrug, stated: StatedDrug): boolean {
  return quantity === stated.quantity || (stated.quantity === null && quantityIsDerived);
}

/** Units have several spellings, which mean the same. Digits are compared as written. */
function strengthOf(text: string | null): string {
  return flat(text)
    .replace(/ (?:per|in) /g, '/')
    .replaceAll(' ', '')
    .replace(/micrograms?|µg|μg|ug(?![a-z])/g, 'mcg')
    .replace(/milligrams?/g, 'mg')
    .replace(/actuat(?:ion)?(?![a-z])/g, 'actuation')
    .replace(/-(?=mg|g|ml)/g, '')
    .replace(/units?/g, 'units');
}

/** Lower case, with single spaces. */
function flat(text: string | null): string {
  return (text ?? '').toLowerCase().replace(/\s+/g, ' ').trim();
}
