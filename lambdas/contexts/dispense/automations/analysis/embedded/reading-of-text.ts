import type { Analysis } from '../prescription-analyzer.ts';
import type { DocumentText } from '../reading/document-text.ts';
import { readingOf } from '../reading/plain-reading.ts';
import { readPrescription } from '../reading/read-prescription.ts';

/** The reading of a text by a reader that takes lines without places. */
export function readingOfText({ pages, doubts }: DocumentText): Analysis {
  const lines = pages.flat();
  const words = lines.flatMap((line) => line.words);
  const text = lines.map((line) => line.words.map((word) => word.text).join(' ')).join('\n');
  const { confidence, drugs } = readPrescription(text);
  const clarity = words.reduce((sum, word) => sum + word.confidence, 0) / words.length;
  return { ...readingOf('embedded', Math.round(confidence * clarity * 1_000) / 1_000, drugs), doubts };
}
