import type { DocumentText } from '../reading/document-text.ts';

/** Why a document can never be read. The sentences for people are in `refusals.ts`. */
export type Refusal =
  | 'damaged-picture'
  | 'large-picture'
  | 'damaged-pdf'
  | 'encrypted-pdf'
  | 'many-pages'
  | 'without-text'
  | 'much-text'
  | 'much-memory'
  | 'much-time'
  | 'ended';

/** What the process that reads a document writes to its standard output, as JSON, before it exits with 0. */
export type ReaderAnswer =
  | { readonly kind: 'read'; readonly document: DocumentText }
  | { readonly kind: 'refused'; readonly because: Refusal };

/** The document types that need a process: their parsers are large, and the files are from strangers. */
export type ParsedType = 'application/pdf' | 'image/png' | 'image/jpeg';

/** The first line of the standard input of the process, as JSON. The bytes of the document follow. */
export interface ReaderRequest {
  readonly contentType: ParsedType;
  readonly sizeBytes: number;
}

/** The watchdog ends its process with this signal when the process exceeds its memory. */
export const memorySignal = 'SIGUSR2';

/**
 * Maximum resident size of a reading process in bytes. It counts the heap, buffers and WebAssembly. With the 1,536 MB of the
 * function, a third is left for the function itself and for what is allocated between two samples.
 */
export const readerMemoryMaxBytes = 1_000 * 1024 * 1024;

/** Maximum number of pages of a PDF. */
export const pdfMaxPages = 20;

/** Maximum number of words of a document. A page of small print has about a thousand. */
export const documentMaxWords = 50_000;

/** Maximum size of a picture when it is decoded, in megapixels. */
export const pictureMaxMegapixels = 25;
