import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { UnreadablePrescriptionError } from '../prescription-analyzer.ts';
import { within } from './deadline.ts';
import type { PdfThreadData, PdfThreadMessage } from './pdf-thread.ts';

/** Options of {@link readPdf}. */
export interface PdfReaderOptions {
  /** The folder with the thread's program, `pdf-thread.js`. */
  readonly readersFolder: string;
  /** Timeout for one document, in ms. */
  readonly timeoutMs: number;
}

const maxPages = 20;
const maxOldGenerationSizeMb = 256;

const reasons = {
  encrypted: 'The PDF is protected by a password. Upload one without a password.',
  damaged: 'The PDF is damaged. Create it again and upload the new one.',
  'too-many-pages': `The PDF has more than ${maxPages} pages. Upload the prescription alone.`,
  'too-large': 'The PDF needs too much memory to be read. Upload a simpler one, or a picture of it.',
  'without-text': 'The PDF has no text; it may be a scan. Upload a picture of the prescription instead.',
} as const;

/**
 * Reads the text of a PDF in a thread with limited memory, because reading a malicious document may never end. Throws
 * UnreadablePrescriptionError, also for a PDF without text, and TookTooLongError.
 */
export async function readPdf(
  bytes: Uint8Array,
  { readersFolder, timeoutMs }: PdfReaderOptions,
): Promise<string> {
  const workerData: PdfThreadData = { bytes: Uint8Array.from(bytes), maxPages };
  const thread = new Worker(join(readersFolder, 'pdf-thread.js'), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb },
  });
  try {
    const message = await within(timeoutMs, 'Reading the PDF', messageOf(thread));
    if (message.kind === 'failed') throw new UnreadablePrescriptionError(reasons[message.because]);
    if (message.text.trim() === '') throw new UnreadablePrescriptionError(reasons['without-text']);
    return message.text;
  } finally {
    await thread.terminate();
  }
}

function messageOf(thread: Worker): Promise<PdfThreadMessage> {
  return new Promise((resolve, reject) => {
    thread.once('message', resolve);
    thread.on('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? new UnreadablePrescriptionError(reasons['too-large'])
          : error,
      ),
    );
    thread.once('exit', () => reject(new Error('The thread that reads PDFs exited without a result.')));
  });
}
