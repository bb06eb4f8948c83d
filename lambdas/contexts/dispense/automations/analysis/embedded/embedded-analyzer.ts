import type { PrescriptionDocument } from '../../../documents/document-store.ts';
import {
  type Analysis,
  type PrescriptionAnalyzer,
  UnreadablePrescriptionError,
} from '../prescription-analyzer.ts';
import type { DocumentText } from '../reading/document-text.ts';
import { readPrescription } from '../reading/read-prescription.ts';
import { joinedDocuments } from './joined-documents.ts';
import { readPlainText } from './plain-text.ts';
import { type ParsedDocument, ReaderEndedError, type Readers, readInProcess } from './reader-process.ts';
import { documentMaxWords, type ReaderAnswer } from './reader-protocol.ts';
import { refusalSentences } from './refusals.ts';

/** Options of {@link EmbeddedAnalyzer}. */
export interface EmbeddedAnalyzerOptions extends Readers {
  /** Timeout for all pages of a prescription together, in ms. Default: 40 s. */
  readonly timeoutMs?: number;
}

/**
 * Reads prescriptions without a service: pictures and scans with tesseract, PDFs by the visible text in them, and the text by
 * rules. Each picture and PDF is read in a process of its own, with limits of memory and time.
 */
export class EmbeddedAnalyzer implements PrescriptionAnalyzer {
  readonly #readers: Readers;
  readonly #timeoutMs: number;

  constructor({ timeoutMs = 40_000, ...readers }: EmbeddedAnalyzerOptions) {
    this.#readers = readers;
    this.#timeoutMs = timeoutMs;
  }

  async analyze(pages: readonly PrescriptionDocument[]): Promise<Analysis> {
    return { analyzer: 'embedded', ...readPrescription(await this.read(pages)) };
  }

  /** The text of the documents, in their order. Throws UnreadablePrescriptionError. */
  async read(pages: readonly PrescriptionDocument[]): Promise<DocumentText> {
    const deadlineMs = performance.now() + this.#timeoutMs;
    const read: DocumentText[] = [];
    let words = 0;
    for (const { contentType, bytes } of pages) {
      const text =
        contentType === 'text/plain'
          ? readPlainText(bytes)
          : await this.#parsed({ contentType, bytes }, deadlineMs);
      words += wordsIn(text);
      if (words > documentMaxWords) throw new UnreadablePrescriptionError(refusalSentences['much-text']);
      read.push(text);
    }
    return joinedDocuments(read);
  }

  async #parsed(document: ParsedDocument, deadlineMs: number): Promise<DocumentText> {
    const answer = await this.#answer(document, deadlineMs);
    if (answer.kind === 'refused') throw new UnreadablePrescriptionError(refusalSentences[answer.because]);
    return answer.document;
  }

  /** Tries a second time if the process ended without an answer: something else may have ended it. */
  async #answer(document: ParsedDocument, deadlineMs: number): Promise<ReaderAnswer> {
    for (const attempt of ['first', 'second'] as const) {
      try {
        return await this.#attempt(document, deadlineMs);
      } catch (error) {
        if (!(error instanceof ReaderEndedError)) throw error;
        if (attempt === 'second') break;
      }
    }
    return { kind: 'refused', because: 'ended' };
  }

  async #attempt(document: ParsedDocument, deadlineMs: number): Promise<ReaderAnswer> {
    const timeoutMs = deadlineMs - performance.now();
    if (timeoutMs <= 0) return { kind: 'refused', because: 'much-time' };
    return readInProcess(document, { ...this.#readers, timeoutMs });
  }
}

function wordsIn({ pages }: DocumentText): number {
  return pages.flat().reduce((sum, { words }) => sum + words.length, 0);
}
