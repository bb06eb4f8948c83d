import type { getDocumentProxy } from 'unpdf';

/** A document and a page of pdf.js. */
export type PdfDocument = Awaited<ReturnType<typeof getDocumentProxy>>;
export type PdfPage = Awaited<ReturnType<PdfDocument['getPage']>>;
