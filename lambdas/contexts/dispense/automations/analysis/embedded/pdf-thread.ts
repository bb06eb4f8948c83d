import { parentPort, workerData } from 'node:worker_threads';
import { extractText, getDocumentProxy } from 'unpdf';

/** What the thread is given as its `workerData`. */
export interface PdfThreadData {
  readonly bytes: Uint8Array;
  readonly maxPages: number;
}

/** The one message of the thread: the text of all pages, or why there is none. */
export type PdfThreadMessage =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'failed'; readonly because: 'encrypted' | 'damaged' | 'too-many-pages' };

/** pdf.js says what it thinks of a document on the console otherwise. */
const verbosityErrors = 0;

/** Runs in a thread of its own: reads one PDF. */
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
