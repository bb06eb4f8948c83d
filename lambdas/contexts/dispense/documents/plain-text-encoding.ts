/** The text of a file, and whether its bytes can mean only this text. */
export interface DecodedText {
  readonly text: string;
  readonly isSure: boolean;
}

/** Bytes that Windows-1252 does not define (https://encoding.spec.whatwg.org/index-windows-1252.txt). */
const undefinedBytes = [0x81, 0x8d, 0x8f, 0x90, 0x9d];

/** The share of zero bytes in one half of a text in UTF-16 without byte order mark. Latin letters have one each. */
const zeroShare = 0.6;
/** The share of ASCII in a text that is taken for Windows-1252. Other encodings of one byte have less. */
const asciiShare = 0.6;

/** In place of bytes that a program on the way could not decode. */
const lostCharacter = '\ufffd';
/** What old systems write after the end of a text: Ctrl-Z, as in CP/M, and NULs. */
const endPadding: readonly string[] = ['\0', '\u001a'];
/** All control characters but tab, line feed, form feed and carriage return. */
const controlCharacter = /(?![\t\n\f\r])\p{Cc}/u;

/**
 * The text of a plain text file in UTF-8, UTF-16 or Windows-1252. Undefined if it is in none of them or has control characters.
 * A NUL inside a text in UTF-8 is a space: old systems fill fields with it.
 */
export function decodePlainText(bytes: Uint8Array): DecodedText | undefined {
  const utf16 = utf16Of(bytes);
  if (utf16) return readable(decoded(bytes, utf16.encoding), utf16.isMarked);
  const utf8 = decoded(bytes, 'utf-8');
  if (utf8 === undefined) {
    return isWindows1252(bytes) ? readable(decoded(bytes, 'windows-1252'), false) : undefined;
  }
  const isSure = !utf8.includes('\0') && !utf8.includes(lostCharacter);
  return readable(utf8.replaceAll('\0', ' '), isSure);
}

/** Undefined if the text has control characters. */
function readable(text: string | undefined, isSure: boolean): DecodedText | undefined {
  return text === undefined || controlCharacter.test(text) ? undefined : { text, isSure };
}

/** Undefined if the bytes are not in this encoding. */
function decoded(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return withoutPadding(new TextDecoder(encoding, { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function withoutPadding(text: string): string {
  let end = text.length;
  while (end > 0 && endPadding.includes(text[end - 1] ?? '')) end -= 1;
  return text.slice(0, end);
}

function utf16Of(bytes: Uint8Array): { readonly encoding: string; readonly isMarked: boolean } | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { encoding: 'utf-16le', isMarked: true };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { encoding: 'utf-16be', isMarked: true };
  if (bytes.byteLength < 4 || bytes.byteLength % 2 === 1) return undefined;
  const zeros: [even: number, odd: number] = [0, 0];
  bytes.forEach((byte, index) => {
    if (byte === 0) zeros[index % 2 === 0 ? 0 : 1] += 1;
  });
  const [even, odd] = zeros.map((count) => count / (bytes.byteLength / 2)) as [number, number];
  if (even === 0 && odd >= zeroShare) return { encoding: 'utf-16le', isMarked: false };
  if (odd === 0 && even >= zeroShare) return { encoding: 'utf-16be', isMarked: false };
  return undefined;
}

function isWindows1252(bytes: Uint8Array): boolean {
  const ascii = bytes.reduce((count, byte) => (byte < 0x80 ? count + 1 : count), 0);
  return (
    ascii >= asciiShare * bytes.byteLength &&
    !bytes.includes(0) &&
    !undefinedBytes.some((byte) => bytes.includes(byte))
  );
}
