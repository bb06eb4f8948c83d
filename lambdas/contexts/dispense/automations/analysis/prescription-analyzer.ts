import type { PrescriptionDocument } from '../../documents/document-store.ts';
import { drugsMaxCount } from '../../domain/dispense.ts';
import type { Reading } from './reading/reading.ts';

/** The result of an analysis. It is a proposal: a person checks it. It has at least one drug or one line that was not understood. */
export interface Analysis extends Reading {
  readonly analyzer: 'embedded' | 'bedrock';
}

/** Maximum number of drugs of one analysis. It is that of a dispense. */
export const analysisMaxDrugs = drugsMaxCount;

/** Maximum UTF-16 code units of all lines of a reading together that are set aside or not understood. */
export const analysisLinesMaxChars = 10_000;

/** Reads the drugs of a prescription. */
export interface PrescriptionAnalyzer {
  /**
   * Reads the documents of one prescription, in the order of its pages, as one text. Throws {@link UnreadablePrescriptionError} for a document that can never be read. After any other error, another
   * attempt may help.
   */
  analyze(pages: readonly PrescriptionDocument[]): Promise<Analysis>;
}

/** The analysis took too long. Another attempt can be faster; one that is as slow shows that the document is too long. */
export class SlowAnalysisError extends Error {
  override readonly name = 'SlowAnalysisError';
}

/** The document cannot be read. The message is a sentence for people and does not quote the document. */
export class UnreadablePrescriptionError extends Error {
  override readonly name = 'UnreadablePrescriptionError';
}
