import { getDocumentProxy, getResolvedPDFJS } from 'unpdf';
import type { DocumentDoubt, TextLine } from '../../../reading/document-text.ts';
import { documentMaxWords, pdfMaxPages, type ReaderAnswer } from '../../reader-protocol.ts';
import { OcrEngine } from '../picture/ocr-engine.ts';
import type { PdfDocument } from './pdf-document.ts';
import { type PageTools, readPage } from './read-page.ts';

/** Only errors. Otherwise pdf.js writes messages about the document to the console. */
const verbosityErrors = 0;

/** Reads a PDF. `folder` has tesseract's WebAssembly and data. */
export async function readPdf(bytes: Uint8Array, folder: string): Promise<ReaderAnswer> {
  const pdf = await opened(bytes);
  if (typeof pdf === 'string') return { kind: 'refused', because: pdf };
  if (pdf.numPages > pdfMaxPages) return { kind: 'refused', because: 'many-pages' };
  const tools = await toolsOf(pdf, folder);
  const pages: (readonly TextLine[])[] = [];
  const doubts = new Set<DocumentDoubt>();
  let isPicture = false;
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const page = await pdf.getPage(number).catch(() => undefined);
    if (!page) return { kind: 'refused', because: 'damaged-pdf' };
    const read = await readPage(page, tools);
    page.cleanup();
    for (const doubt of read.doubts) doubts.add(doubt);
    isPicture ||= read.isPicture;
    pages.push(read.lines);
  }
  const words = pages.flat().reduce((sum, line) => sum + line.words.length, 0);
  if (words === 0) return { kind: 'refused', because: 'without-text' };
  if (words > documentMaxWords) return { kind: 'refused', because: 'much-text' };
  return {
    kind: 'read',
    document: { source: isPicture ? 'picture' : 'pdf', pages, doubts: [...doubts] },
  };
}

/** pdf.js throws for a document that it cannot parse. */
async function opened(bytes: Uint8Array): Promise<PdfDocument | 'encrypted-pdf' | 'damaged-pdf'> {
  try {
    return await getDocumentProxy(bytes, {
      verbosity: verbosityErrors,
      disableFontFace: true,
      useSystemFonts: false,
    });
  } catch (error) {
    return error instanceof Error && error.name === 'PasswordException' ? 'encrypted-pdf' : 'damaged-pdf';
  }
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
