import type { PrescriptionDocument } from '../../documents/document-store.ts';
import { drugsMaxCount } from '../../domain/dispense.ts';
import type { Drug } from '../../domain/events.ts';

/** What an analyzer has read: a proposal for a person to check. */
export interface Analysis {
  readonly analyzer: 'embedded' | 'bedrock';
  /** From 0, a guess, to 1, certain. */
  readonly confidence: number;
  /** At least one, at most {@link analysisMaxDrugs}. */
  readonly drugs: readonly Drug[];
}

/** Drugs that one analysis proposes at most: as many as a dispense takes. */
export const analysisMaxDrugs = drugsMaxCount;

/** Reads the drugs of a prescription. */
export interface PrescriptionAnalyzer {
  /**
   * Throws {@link UnreadablePrescriptionError} for a document that trying again will not make readable; every other
   * error is for the moment, and trying again may help.
   */
  analyze(document: PrescriptionDocument): Promise<Analysis>;
}

/** The document cannot be read. The message is a sentence for people and quotes nothing of the document. */
export class UnreadablePrescriptionError extends Error {
  override readonly name = 'UnreadablePrescriptionError';
}
