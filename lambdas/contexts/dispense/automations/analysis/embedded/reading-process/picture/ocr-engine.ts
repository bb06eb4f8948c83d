import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import startCore, {
  type TessBaseAPI,
  type TesseractCore,
} from 'tesseract.js-core/tesseract-core-simd-lstm.js';
import type { PlacedWord } from '../layout/lines.ts';
import { grayOf } from './decoded-pixels.ts';
import type { GrayPicture } from './gray-picture.ts';
import { type RecognizedPage, wordsOf } from './recognized-words.ts';

/** The neural recognizer only. */
const lstmOnly = 1;
/** Of the EXIF orientations: as the pixels are. We turn pictures ourselves. */
const asIs = 1;
/** Only used to estimate sizes. */
const dotsPerInch = 300;

/** Tesseract in this process. */
export class OcrEngine {
  readonly #core: TesseractCore;
  readonly #api: TessBaseAPI;
  readonly #memory: WebAssembly.Memory;

  private constructor(core: TesseractCore, memory: WebAssembly.Memory) {
    this.#core = core;
    this.#memory = memory;
    this.#api = new core.TessBaseAPI();
    if (this.#api.Init(null, 'eng', lstmOnly) !== 0) throw new Error("Tesseract's data cannot be loaded.");
    // Otherwise tesseract writes messages about the picture to standard error.
    this.#api.SetVariable('debug_file', '/dev/null');
  }

  /** Starts tesseract with its WebAssembly and its data for English in `folder`. */
  static async start(folder: string): Promise<OcrEngine> {
    const wasm = await WebAssembly.compile(readFileSync(join(folder, 'tesseract-core-simd-lstm.wasm')));
    let memory: WebAssembly.Memory | undefined;
    const core = await startCore({
      // The package does not export the memory, and the pixels of a decoded picture are there.
      instantiateWasm: (imports, receive) => {
        void WebAssembly.instantiate(wasm, imports).then((instance) => {
          memory = Object.values(instance.exports).find((one) => one instanceof WebAssembly.Memory);
          receive(instance);
        });
        return {};
      },
      print: () => undefined,
      printErr: () => undefined,
    });
    if (!memory) throw new Error("Tesseract's WebAssembly exports no memory.");
    core.FS.writeFile('./eng.traineddata', gunzipSync(readFileSync(join(folder, 'eng.traineddata.gz'))));
    return new OcrEngine(core, memory);
  }

  /** Decodes a PNG or JPEG. Undefined if it is damaged. Transparent pixels are white. */
  decode(bytes: Uint8Array): GrayPicture | undefined {
    this.#core.FS.writeFile('/input', bytes);
    try {
      if (this.#api.SetImageFile(asIs, 0) !== 0) return undefined;
      const pix = this.#api.GetInputImage();
      const raw = {
        width: pix.get_w(),
        height: pix.get_h(),
        bits: pix.get_d(),
        samples: pix.get_spp(),
        rowBytes: pix.get_wpl() * 4,
      };
      return grayOf(new Uint8Array(this.#memory.buffer, pix.get_data(0), raw.rowBytes * raw.height), raw);
    } finally {
      this.#core.FS.unlink('/input');
      this.#api.Clear();
    }
  }

  /** The angle in radians by which the lines of text rise to the right, or fall if it is below 0. */
  slope(picture: GrayPicture): number {
    return this.#with(picture, () => {
      this.#api.FindLines();
      return Math.atan(this.#api.GetGradient());
    });
  }

  /** The words of an upright picture, in its pixels. */
  recognize(picture: GrayPicture): PlacedWord[] {
    return this.#with(picture, () => {
      if (this.#api.Recognize(null) !== 0) return [];
      return wordsOf(JSON.parse(this.#api.GetJSONText(0)) as RecognizedPage);
    });
  }

  #with<Result>({ width, height, pixels }: GrayPicture, work: () => Result): Result {
    const address = this.#core._malloc(pixels.byteLength);
    if (address === 0) throw new Error('Array buffer allocation failed: the picture.');
    try {
      new Uint8Array(this.#memory.buffer, address, pixels.byteLength).set(pixels);
      this.#api.SetImage(address, width, height, 1, width);
      this.#api.SetSourceResolution(dotsPerInch);
      return work();
    } finally {
      this.#api.Clear();
      this.#core._free(address);
    }
  }
}
