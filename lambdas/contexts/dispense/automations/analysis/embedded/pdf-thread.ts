import { parentPort, workerData } from 'node:worker_threads';
import { extractText, getDocumentProxy } from 'unpdf';

/** The `workerData` of the thread. */
export interface PdfThreadData {
  readonly bytes: Uint8Array;
  readonly maxPages: number;
}

/** The only message of the thread: the text of all pages, or why it could not be read. */
export type PdfThreadMessage =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'failed'; readonly because: 'encrypted' | 'damaged' | 'too-many-pages' };

/** Only errors. Otherwise pdf.js writes messages about the document to the console. */
const verbosityErrors = 0;

/** Reads one PDF. Runs in a thread. */
async function readPdf({ bytes, maxPages }: PdfThreadData): Promise<PdfThreadMessage> {
  try {
    const pdf = await getDocumentProxy(bytes, { verbosity: verbosityErrors });
    if (pdf.numPages > maxPages) return { kind: 'failed', because: 'too-many-pages' };
    const { text } = await extractText(pdf, { mergePages: false });
    return { kind: 'text', text: text.join('\n') };
  } catch (error) {
    const isEncrypted = error instanceof Error && error.name === 'PasswordException';
    return { kind: 'failed', because: isEncrypted ? 'encrypted' : 'damaged' };
  }
}

void readPdf(workerData as PdfThreadData).then((message) => parentPort?.postMessage(message));
