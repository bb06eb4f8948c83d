import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';

/** A text that must not be anywhere, by a name that may be told. */
export type Marks = Readonly<Record<string, string>>;

interface Needle {
  readonly mark: string;
  readonly form: string;
  /** The bytes, each as one character. */
  readonly text: string;
}

const shortest = 6;
const maxOutputLength = 64 * 1024 * 1024;

/** Finds marks in bytes, in every form in which a system may store a text. Compressed bytes are inflated first. */
export class MarkFinder {
  readonly #needles: readonly Needle[];

  /** Each mark needs at least six characters: in base64, a shorter one would be found where it is not. */
  constructor(marks: Marks) {
    const short = Object.keys(marks).find((name) => (marks[name] ?? '').length < shortest);
    if (short !== undefined) throw new RangeError(`The mark ${short} is too short to be looked for.`);
    this.#needles = Object.entries(marks).flatMap(([mark, value]) =>
      Object.entries(formsOf(value)).map(([form, text]) => ({ mark, form, text })),
    );
  }

  /** What is found: the names of marks, each with one form, and never the marks. */
  in(bytes: Uint8Array): readonly string[] {
    const contents = [Buffer.from(bytes), ...inflated(bytes)].map((content) => content.toString('latin1'));
    const found = new Map<string, string>();
    for (const { mark, form, text } of this.#needles) {
      if (!found.has(mark) && contents.some((content) => content.includes(text))) found.set(mark, form);
    }
    return [...found].map(([mark, form]) => `${mark} (${form})`);
  }
}

function formsOf(value: string): Record<string, string> {
  const json = JSON.stringify(value).slice(1, -1);
  const texts: Record<string, Buffer> = {
    plain: Buffer.from(value),
    'in lower case': Buffer.from(value.toLowerCase()),
    JSON: Buffer.from(json),
    'JSON in JSON': Buffer.from(JSON.stringify(json).slice(1, -1)),
    'JSON in ASCII': Buffer.from(asciiOf(json)),
    URL: Buffer.from(encodeURIComponent(value)),
    form: Buffer.from(encodeURIComponent(value).replaceAll('%20', '+')),
    'UTF-16': Buffer.from(value, 'utf16le'),
  };
  const forms = Object.entries(texts).flatMap(([form, bytes]) => [
    [form, bytes.toString('latin1')],
    [`${form} in hex`, bytes.toString('hex')],
    ...[0, 1, 2].flatMap((shift) => [
      [`${form} in base64 at ${shift}`, base64At(bytes, shift, 'base64')],
      [`${form} in base64url at ${shift}`, base64At(bytes, shift, 'base64url')],
    ]),
  ]);
  return Object.fromEntries(forms);
}

function asciiOf(json: string): string {
  return json.replace(/[^ -~]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The characters of base64 that depend on these bytes alone, when so many bytes modulo 3 are before them. */
function base64At(bytes: Buffer, shift: number, encoding: 'base64' | 'base64url'): string {
  const whole = Buffer.concat([Buffer.alloc(shift), bytes]);
  const end = Math.floor((whole.length * 8) / 6);
  return whole.toString(encoding).slice(Math.ceil((shift * 8) / 6), end);
}

/** The content, if the bytes are compressed: with every method of Node that can tell. */
function inflated(bytes: Uint8Array): Buffer[] {
  const methods = [gunzipSync, inflateSync, inflateRawSync, brotliDecompressSync];
  return methods.flatMap((inflate) => {
    try {
      return [inflate(bytes, { maxOutputLength })];
    } catch {
      return [];
    }
  });
}
