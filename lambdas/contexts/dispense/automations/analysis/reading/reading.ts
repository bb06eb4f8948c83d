import type { ProposedDrug } from '../../../domain/events.ts';

/** What a prescription states. Every line of it is accounted for: in a drug, in one of the lists, or as known furniture. */
export interface Reading {
  /** The least confidence of all parts of all drugs; 0 if a line was not understood. */
  readonly confidence: number;
  /** The drugs to hand over, in the order of the document. */
  readonly drugs: readonly ProposedDrug[];
  /** Lines about drugs that are not to be handed over, as written: stopped, refused, an allergy. */
  readonly setAside: readonly string[];
  /** Lines that look clinical and were not understood, as written. */
  readonly notUnderstood: readonly string[];
  /** How many more such lines were left out, because an event has a limit. */
  readonly notUnderstoodMore: number;
  /** Reasons to doubt the document as a whole. */
  readonly doubts: readonly string[];
}
