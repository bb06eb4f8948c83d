import type { PrescriptionDocument } from '../../../documents/document-store.ts';
import type { Analysis, PrescriptionAnalyzer } from '../prescription-analyzer.ts';
import { readingOf } from '../reading/plain-reading.ts';
import { readPrescription } from '../reading/read-prescription.ts';
import { ImageReader } from './image-reader.ts';
import { readPdf } from './pdf-reader.ts';

/** Options of {@link EmbeddedAnalyzer}. */
export interface EmbeddedAnalyzerOptions {
  /** The folder with the programs and data that read images and PDFs. The build creates it. */
  readonly readersFolder: string;
  /** Timeout for an image. Default: 40 s. */
  readonly imageTimeoutMs?: number;
  /** Timeout for a PDF. Default: 20 s. */
  readonly pdfTimeoutMs?: number;
}

/**
 * Reads prescriptions without a service: images with tesseract, PDFs by the text in them, and the text by rules. It cannot
 * read a scanned PDF, because that has no text.
 */
export class EmbeddedAnalyzer implements PrescriptionAnalyzer {
  readonly #readersFolder: string;
  readonly #pdfTimeoutMs: number;
  readonly #images: ImageReader;

  constructor({ readersFolder, imageTimeoutMs = 40_000, pdfTimeoutMs = 20_000 }: EmbeddedAnalyzerOptions) {
    this.#readersFolder = readersFolder;
    this.#pdfTimeoutMs = pdfTimeoutMs;
    this.#images = new ImageReader({ readersFolder, timeoutMs: imageTimeoutMs });
  }

  async analyze(pages: readonly PrescriptionDocument[]): Promise<Analysis> {
    const read = await Array.fromAsync(pages, (page) => this.#textOf(page));
    const { confidence, drugs } = readPrescription(read.map(({ text }) => text).join('\n'));
    const clarity = Math.min(...read.map((page) => page.clarity));
    return readingOf('embedded', Math.round(confidence * clarity * 1_000) / 1_000, drugs);
  }

  /** Ends the thread that reads images, if it runs. */
  close(): Promise<void> {
    return this.#images.close();
  }

  /** `clarity`: how certain it is that the text was read correctly, from 0 to 1. */
  async #textOf({
    contentType,
    bytes,
  }: PrescriptionDocument): Promise<{ readonly text: string; readonly clarity: number }> {
    switch (contentType) {
      case 'text/plain':
        return { text: new TextDecoder().decode(bytes), clarity: 1 };
      case 'application/pdf': {
        const options = { readersFolder: this.#readersFolder, timeoutMs: this.#pdfTimeoutMs };
        return { text: await readPdf(bytes, options), clarity: 1 };
      }
      case 'image/png':
      case 'image/jpeg': {
        const { text, confidence } = await this.#images.read(bytes);
        return { text, clarity: confidence };
      }
      default:
        return contentType satisfies never;
    }
  }
}
