import type { PrescriptionDocument } from '../../documents/document-store.ts';
import { drugsMaxCount } from '../../domain/dispense.ts';
import type { Drug } from '../../domain/events.ts';

/** What an analyzer has read. It is a proposal: a person checks it. */
export interface Analysis {
  readonly analyzer: 'embedded' | 'bedrock';
  /** From 0, a guess, to 1, certain. */
  readonly confidence: number;
  /** At least one, at most {@link analysisMaxDrugs}. */
  readonly drugs: readonly Drug[];
}

/** Maximum drugs of one analysis: as many as a dispense may have. */
export const analysisMaxDrugs = drugsMaxCount;

/** Reads the drugs of a prescription. */
export interface PrescriptionAnalyzer {
  /**
   * Throws {@link UnreadablePrescriptionError} for a document that can never be read. After any other error, another try
   * may help.
   */
  analyze(document: PrescriptionDocument): Promise<Analysis>;
}

/** The document cannot be read. The message is a sentence for people and quotes nothing of the document. */
export class UnreadablePrescriptionError extends Error {
  override readonly name = 'UnreadablePrescriptionError';
}
