import type { Reading } from './reading.ts';

/** The rule of the domain, for a reading of the embedded analyzer. */
export function isTrusted({ drugs, confidence, doubts, notUnderstood, notUnderstoodMore }: Reading): boolean {
  return (
    drugs.length > 0 &&
    confidence >= 0.8 &&
    doubts.length === 0 &&
    notUnderstood.length + notUnderstoodMore === 0 &&
    drugs.every((drug) => drug.doubts.length === 0)
  );
}
