import type { PrescriptionDocument } from '../../documents/document-store.ts';
import { drugsMaxCount } from '../../domain/dispense.ts';
import type { Drug } from '../../domain/events.ts';

/** The result of an analysis. It is a proposal: a person checks it. */
export interface Analysis {
  readonly analyzer: 'embedded' | 'bedrock';
  /** From 0, a guess, to 1, certain. */
  readonly confidence: number;
  /** At least one, at most {@link analysisMaxDrugs}. */
  readonly drugs: readonly Drug[];
}

/** Maximum number of drugs of one analysis. It is that of a dispense. */
export const analysisMaxDrugs = drugsMaxCount;

/** Reads the drugs of a prescription. */
export interface PrescriptionAnalyzer {
  /**
   * Throws {@link UnreadablePrescriptionError} for a document that can never be read. After any other error, another
   * attempt may help.
   */
  analyze(document: PrescriptionDocument): Promise<Analysis>;
}

/** The document cannot be read. The message is a sentence for people and does not quote the document. */
export class UnreadablePrescriptionError extends Error {
  override readonly name = 'UnreadablePrescriptionError';
}
