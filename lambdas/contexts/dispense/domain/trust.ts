import type { DataOf, ProposedDrug } from './events.ts';

/** What an analysis read in all pages of a prescription, as plain data. */
export type AnalysisReading = Omit<
  DataOf<'Dispense:PrescriptionAnalyzed'>,
  'uploadEventId' | 'trusted' | 'drugs' | 'setAside' | 'notUnderstood'
> & {
  readonly drugs: readonly ProposedDrug[];
  readonly setAside: readonly string[];
  readonly notUnderstood: readonly string[];
};

/** The least confidence that needs no review. */
export const trustedConfidence = 0.8;

/**
 * Whether a reading needs no review by a person: each line of the document is accounted for, and no part is in doubt. A
 * reading of a model is never trusted, because its confidence is its own word.
 */
export function isTrusted(reading: AnalysisReading): boolean {
  const { analyzer, confidence, drugs, notUnderstood, notUnderstoodMore, doubts } = reading;
  const readsEverything = notUnderstood.length === 0 && notUnderstoodMore === 0;
  return (
    analyzer === 'embedded' &&
    drugs.length > 0 &&
    confidence >= trustedConfidence &&
    drugs.every(isCertain) &&
    doubts.length === 0 &&
    readsEverything
  );
}

/** Whether no part of the line is in doubt. The reading's confidence should be the least of all, but it comes from outside. */
function isCertain({ confidence, doubts }: ProposedDrug): boolean {
  const parts = Object.values(confidence).filter((part) => part !== null);
  return doubts.length === 0 && parts.every((part) => part >= trustedConfidence);
}
