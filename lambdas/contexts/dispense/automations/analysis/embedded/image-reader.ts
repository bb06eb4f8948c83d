import type { EventEmitter } from 'node:events';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { createWorker, OEM, type Worker } from 'tesseract.js';
import { UnreadablePrescriptionError } from '../prescription-analyzer.ts';
import { TookTooLongError, within } from './deadline.ts';
import { imageSize } from './image-size.ts';

/** The text of an image. */
export interface ReadImage {
  readonly text: string;
  /** From 0, noise, to 1, clear print. */
  readonly confidence: number;
}

/** Options of {@link ImageReader}. */
export interface ImageReaderOptions {
  /** The folder with tesseract's worker (`ocr-worker.js`), its WebAssembly and its data for English. Nothing is downloaded. */
  readonly readersFolder: string;
  /** Timeout for one image in ms, including the start of the thread. */
  readonly timeoutMs: number;
}

/** Maximum size of an image. A pixel needs up to 8 bytes, in several copies: more would not fit into memory. */
const maxMegapixels = 25;

/** The error of tesseract.js for bytes that are not an image it can decode. */
const undecodable = /attempting to read image/i;

interface RunningWorker {
  readonly tesseract: Worker;
  /** Rejects when the thread fails or ends. */
  readonly ended: Promise<never>;
}

/** Reads the text of PNG and JPEG images in a thread, which it keeps for the next image. */
export class ImageReader {
  readonly #options: ImageReaderOptions;
  #worker: Promise<RunningWorker> | undefined;

  constructor(options: ImageReaderOptions) {
    this.#options = options;
  }

  /**
   * Reads one image. Throws UnreadablePrescriptionError for a damaged or too large one, and TookTooLongError. After any
   * failure the next image gets a new thread, because the state of the old one is unknown.
   */
  async read(bytes: Uint8Array): Promise<ReadImage> {
    checkSize(bytes);
    try {
      return await within(this.#options.timeoutMs, 'Reading the image', this.#recognize(bytes));
    } catch (error) {
      // Not awaited: a thread that did not start would never end.
      void this.close();
      if (!undecodable.test(String(error))) throw error instanceof Error ? error : new Error(String(error));
      throw new UnreadablePrescriptionError('The image is damaged. Take it again, and upload the new one.');
    }
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    // If it did not start, `read` has already thrown the error.
    await worker?.then(({ tesseract }) => tesseract.terminate()).catch(() => undefined);
  }

  async #recognize(bytes: Uint8Array): Promise<ReadImage> {
    this.#worker ??= startWorker(this.#options.readersFolder);
    const worker = this.#worker;
    const { tesseract, ended } = await worker;
    // The timeout was during the start of the thread. A call to an ended thread causes an uncaught error in tesseract.js.
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
  // If the file is missing, the thread fails before it has an error listener, which would end the whole process.
  await access(workerPath);
  const tesseract = await createWorker('eng', OEM.LSTM_ONLY, {
    workerPath,
    langPath: readersFolder,
    cacheMethod: 'none',
    // Without a handler, the errors of tesseract.js are also thrown uncaught. Its promises reject with them anyway.
    errorHandler: () => undefined,
  });
  const { worker: thread } = tesseract as Worker & { readonly worker: EventEmitter };
  const ended = new Promise<never>((_, reject) => {
    thread.on('error', reject);
    thread.on('exit', () => reject(new Error('The thread that reads images has ended.')));
  });
  ended.catch(() => undefined);
  // Otherwise tesseract writes messages about the image to the log.
  await tesseract.setParameters({ debug_file: '/dev/null' });
  return { tesseract, ended };
}
