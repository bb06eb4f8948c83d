import { getDocumentProxy, getResolvedPDFJS } from 'unpdf';
import type { DocumentDoubt, TextLine } from '../../../reading/document-text.ts';
import { documentMaxWords, pdfMaxPages, type ReaderAnswer } from '../../reader-protocol.ts';
import { OcrEngine } from '../picture/ocr-engine.ts';
import { watchWarnings } from './ignored-errors.ts';
import type { PdfDocument } from './pdf-document.ts';
import { type PageTools, readPage } from './read-page.ts';

/** pdf.js warns of what it leaves out. */
const verbosityWarnings = 1;

/** The errors of pdf.js about a document. They lose their classes on their way out of its worker. */
const documentError = /Exception$|^FormatError$/;
/** Memory is no fault of the file. */
const outOfMemory = /allocat|out of memory/i;

/** Reads a PDF. `folder` has tesseract's WebAssembly and data. Runs once in a process: it watches pdf.js's warnings. */
export async function readPdf(bytes: Uint8Array, folder: string): Promise<ReaderAnswer> {
  const warnings = watchWarnings();
  try {
    const pdf = await opened(bytes);
    if (pdf.numPages > pdfMaxPages) return { kind: 'refused', because: 'many-pages' };
    const { isPicture, pages, doubts } = await readPages(pdf, folder);
    const words = pages.flat().reduce((sum, line) => sum + line.words.length, 0);
    if (words === 0) return { kind: 'refused', because: 'without-text' };
    if (words > documentMaxWords) return { kind: 'refused', because: 'much-text' };
    if (warnings.hasLeftOut()) doubts.add('unreadable-part');
    return { kind: 'read', document: { source: isPicture ? 'picture' : 'pdf', pages, doubts: [...doubts] } };
  } catch (error) {
    if (!(error instanceof Error) || !documentError.test(error.name) || outOfMemory.test(error.message))
      throw error;
    const because = error.name === 'PasswordException' ? 'encrypted-pdf' : 'damaged-pdf';
    return { kind: 'refused', because };
  }
}

interface ReadPages {
  readonly pages: readonly (readonly TextLine[])[];
  readonly doubts: Set<DocumentDoubt>;
  readonly isPicture: boolean;
}

async function readPages(pdf: PdfDocument, folder: string): Promise<ReadPages> {
  const tools = await toolsOf(pdf, folder);
  const pages: (readonly TextLine[])[] = [];
  const doubts = new Set<DocumentDoubt>();
  let isPicture = false;
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const page = await pdf.getPage(number);
    const read = await readPage(page, tools);
    page.cleanup();
    for (const doubt of read.doubts) doubts.add(doubt);
    isPicture ||= read.isPicture;
    pages.push(read.lines);
  }
  return { pages, doubts, isPicture };
}

function opened(bytes: Uint8Array): Promise<PdfDocument> {
  return getDocumentProxy(bytes, {
    verbosity: verbosityWarnings,
    disableFontFace: true,
    useSystemFonts: false,
  });
}

async function toolsOf(pdf: PdfDocument, folder: string): Promise<PageTools> {
  const { OPS } = await getResolvedPDFJS();
  const layers = await pdf.getOptionalContentConfig();
  let engine: Promise<OcrEngine> | undefined;
  return {
    operatorNames: new Map(Object.entries(OPS).map(([name, number]) => [number as number, name])),
    engine: () => (engine ??= OcrEngine.start(folder)),
    isLayerShown: (layer) => layers.isVisible(layer as never),
  };
}
