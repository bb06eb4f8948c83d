import type { EventEmitter } from 'node:events';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { createWorker, OEM, type Worker } from 'tesseract.js';
import { UnreadablePrescriptionError } from '../prescription-analyzer.ts';
import { TookTooLongError, within } from './deadline.ts';
import { imageSize } from './image-size.ts';

export interface ReadImage {
  readonly text: string;
  /** From 0, noise, to 1, clear print. */
  readonly confidence: number;
}

export interface ImageReaderOptions {
  /** Holds tesseract's worker (`ocr-worker.js`), its WebAssembly and its data for English: nothing is downloaded. */
  readonly readersFolder: string;
  /** An image that takes longer, loading included, is given up. */
  readonly timeoutMs: number;
}

/** A decoded pixel takes up to 8 bytes, and a few copies: more would not fit beside the rest. */
const maxMegapixels = 25;

/** What tesseract.js rejects with for bytes that its image library cannot decode. */
const undecodable = /attempting to read image/i;

interface RunningWorker {
  readonly tesseract: Worker;
  /** Rejects when the thread ends by itself. */
  readonly ended: Promise<never>;
}

/** Reads the text of PNG and JPEG images, in a thread that stays for the next image. */
export class ImageReader {
  readonly #options: ImageReaderOptions;
  #worker: Promise<RunningWorker> | undefined;

  constructor(options: ImageReaderOptions) {
    this.#options = options;
  }

  /**
   * Reads one image. Throws UnreadablePrescriptionError for one that is broken or too large, and TookTooLongError.
   * After any failure the next image gets a new thread: what state this one is in, nobody knows.
   */
  async read(bytes: Uint8Array): Promise<ReadImage> {
    checkSize(bytes);
    try {
      return await within(this.#options.timeoutMs, 'Reading the image', this.#recognize(bytes));
    } catch (error) {
      // Not waited for: a thread that never came up would never be done.
      void this.close();
      if (!undecodable.test(String(error))) throw error instanceof Error ? error : new Error(String(error));
      throw new UnreadablePrescriptionError('The image is damaged. Take it again, and upload the new one.');
    }
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    // One that never came up has said why to whoever waited for it.
    await worker?.then(({ tesseract }) => tesseract.terminate()).catch(() => undefined);
  }

  async #recognize(bytes: Uint8Array): Promise<ReadImage> {
    this.#worker ??= startWorker(this.#options.readersFolder);
    const worker = this.#worker;
    const { tesseract, ended } = await worker;
    // Given up while it started. To an ended thread, tesseract.js would throw out of reach of any caller.
    if (this.#worker !== worker) throw new TookTooLongError('The thread that reads images took too long.');
    const { data } = await Promise.race([
      tesseract.recognize(Buffer.from(bytes), { rotateAuto: true }),
      ended,
    ]);
    return { text: data.text, confidence: data.confidence / 100 };
  }
}

function checkSize(bytes: Uint8Array): void {
  const size = imageSize(bytes);
  if (size && size.width * size.height > maxMegapixels * 1e6) {
    throw new UnreadablePrescriptionError(
      `The image has more than ${maxMegapixels} megapixels. Upload a smaller one.`,
    );
  }
}

async function startWorker(readersFolder: string): Promise<RunningWorker> {
  const workerPath = join(readersFolder, 'ocr-worker.js');
  // A thread that cannot load fails before anybody can listen to it, and would take the whole process with it.
  await access(workerPath);
  const tesseract = await createWorker('eng', OEM.LSTM_ONLY, {
    workerPath,
    langPath: readersFolder,
    cacheMethod: 'none',
    // Without one, tesseract.js throws what it also rejects with, out of reach of any caller.
    errorHandler: () => undefined,
  });
  const { worker: thread } = tesseract as Worker & { readonly worker: EventEmitter };
  const ended = new Promise<never>((_, reject) => {
    thread.on('error', reject);
    thread.on('exit', () => reject(new Error('The thread that reads images has ended.')));
  });
  ended.catch(() => undefined);
  // Remarks on the image would go to the log.
  await tesseract.setParameters({ debug_file: '/dev/null' });
  return { tesseract, ended };
}
