/** The parts of tesseract's WebAssembly that we call. The package has no types. */
declare module 'tesseract.js-core/tesseract-core-simd-lstm.js' {
  /** A picture of leptonica, in the memory of the WebAssembly. */
  export interface Pix {
    get_w(): number;
    get_h(): number;
    /** Bits of a pixel: 1, 8 or 32. */
    get_d(): number;
    /** Samples of a pixel: 4 with transparency. */
    get_spp(): number;
    /** 32-bit words of a row. */
    get_wpl(): number;
    /** The address of the pixels. */
    get_data(index: number): number;
  }

  export interface TessBaseAPI {
    Init(dataPath: string | null, language: string, engineMode: number): number;
    SetVariable(name: string, value: string): boolean;
    /** Decodes the file `/input`. 0 if it could. */
    SetImageFile(exifOrientation: number, angle: number): number;
    SetImage(
      address: number,
      width: number,
      height: number,
      bytesPerPixel: number,
      bytesPerLine: number,
    ): void;
    SetSourceResolution(dotsPerInch: number): void;
    GetInputImage(): Pix;
    FindLines(): number;
    /** The slope of the lines of text, as the tangent. */
    GetGradient(): number;
    Recognize(monitor: null): number;
    GetJSONText(page: number): string;
    /** Frees the picture and the results. */
    Clear(): void;
  }

  export interface TesseractCore {
    readonly FS: {
      writeFile(path: string, data: Uint8Array): void;
      unlink(path: string): void;
    };
    readonly TessBaseAPI: new () => TessBaseAPI;
    _malloc(bytes: number): number;
    _free(address: number): void;
  }

  export default function start(options: {
    instantiateWasm(imports: WebAssembly.Imports, receive: (instance: WebAssembly.Instance) => void): object;
    print?: (line: string) => void;
    printErr?: (line: string) => void;
  }): Promise<TesseractCore>;
}

/** The parts of WebAssembly that we use. Node's types do not declare them. */
declare namespace WebAssembly {
  type Imports = Record<string, Record<string, unknown>>;
  interface Instance {
    readonly exports: Readonly<Record<string, unknown>>;
  }
  class Memory {
    /** Replaced when the memory grows. */
    readonly buffer: ArrayBuffer;
  }
  function compile(bytes: Uint8Array): Promise<Module>;
  function instantiate(module: Module, imports: Imports): Promise<Instance>;
}
