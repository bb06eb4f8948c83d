import type { Reading } from '../../lambdas/contexts/dispense/automations/analysis/reading/reading.ts';
import type { ProposedDrug } from '../../lambdas/contexts/dispense/domain/events.ts';

/** A drug that a sample states. */
export interface ExpectedDrug {
  readonly name: string;
  readonly strength: string | null;
  readonly form?: string;
  readonly quantity: number | null;
  /** Each must be in the directions. "|" separates spellings. */
  readonly directionsKeep?: readonly string[];
}

/** What a sample states. */
export interface Expected {
  readonly drugs: readonly ExpectedDrug[];
  readonly mustReview?: boolean;
}

export { isTrusted } from '../../lambdas/contexts/dispense/automations/analysis/reading/is-trusted.fixture.ts';

/** What differs between a reading and what the sample states. Empty: the reading is right. */
export function differences({ drugs }: Reading, expected: Expected): string[] {
  const count =
    drugs.length === expected.drugs.length ? [] : [`${drugs.length} drugs, not ${expected.drugs.length}`];
  return [...count, ...expected.drugs.flatMap((drug, index) => drugDifferences(drugs[index], drug))];
}

/** What differs between a drug and what the sample states. */
export function drugDifferences(drug: ProposedDrug | undefined, expected: ExpectedDrug): string[] {
  if (!drug) return [`${expected.name}: missing`];
  const directions = plain(drug.directions ?? '');
  const lost = (expected.directionsKeep ?? []).filter(
    (keep) => !keep.split('|').some((way) => directions.includes(plain(way))),
  );
  return [
    ...(sameName(drug.name, expected.name) ? [] : [`name ${drug.name}, not ${expected.name}`]),
    ...(strength(drug.strength) === strength(expected.strength)
      ? []
      : [`${expected.name}: strength ${drug.strength}, not ${expected.strength}`]),
    ...(sameQuantity(drug, expected)
      ? []
      : [`${expected.name}: quantity ${drug.quantity}, not ${expected.quantity}`]),
    ...lost.map((keep) => `${expected.name}: directions lost "${keep}"`),
  ];
}

function sameQuantity({ quantity, quantityIsDerived }: ProposedDrug, expected: ExpectedDrug): boolean {
  return quantity === expected.quantity || (expected.quantity === null && quantityIsDerived);
}

/** The name without case, brand and salt contains the other, or is contained in it. */
function sameName(read: string, expected: string): boolean {
  const [one, other] = [plain(read), plain(expected)].map((name) => name.replace(/ ?[([][^)\]]*[)\]]/g, ''));
  return one !== undefined && other !== undefined && (one.includes(other) || other.includes(one));
}

function strength(text: string | null): string | null {
  return (
    text &&
    plain(text)
      .replace(/ (?:per|in) /g, '/')
      .replaceAll(' ', '')
      .replace(/micrograms?|µg|μg|ug(?![a-z])/g, 'mcg')
      .replace(/milligrams?/g, 'mg')
      .replace(/actuat(?:ion)?(?![a-z])/g, 'actuation')
      .replace(/-(?=mg|g|ml)/g, '')
      .replace(/units?/g, 'units')
  );
}

const plain = (text: string) => text.toLowerCase().replace(/\s+/g, ' ').trim();
