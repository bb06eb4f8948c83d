import { fileTypeFromBuffer } from 'file-type/core';
import { type DocumentType, documentTypes } from '../domain/events.ts';

/** First bytes of PNG, JPEG and PDF. The library knows hundreds of formats; untrusted bytes must reach only these parsers. */
const firstBytes = [0x89, 0xff, 0x25];
/** The first marker after the start of a JPEG image: SOF0 or higher. */
const firstJpegMarker = 0xc0;
const pdfHeader = Buffer.from('%PDF-');

/**
 * The type of a document, determined by its magic bytes and the bytes that must follow, or text if all of it is text.
 * `header`: the client's content type. It is ignored, but text that claims to be a PNG, JPEG or PDF is refused.
 * Undefined: the document is of another type.
 */
export async function documentTypeOf(
  bytes: Uint8Array,
  header: string | undefined,
): Promise<DocumentType | undefined> {
  const binary = await binaryTypeOf(bytes);
  if (binary !== undefined)
    return isGenuine(binary, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
      ? binary
      : undefined;
  const claimed = header?.split(';', 1)[0]?.trim().toLowerCase();
  if (documentTypes.some((type) => type === claimed && type !== 'text/plain')) return undefined;
  return isPlainText(bytes) ? 'text/plain' : undefined;
}

async function binaryTypeOf(bytes: Uint8Array): Promise<DocumentType | undefined> {
  if (!firstBytes.includes(bytes[0] ?? 0)) return undefined;
  const detected = await fileTypeFromBuffer(bytes);
  return documentTypes.find((type) => type === detected?.mime);
}

/** Checks more than the magic bytes, which anyone can put before a text. The library checks the header of a PNG. */
function isGenuine(type: DocumentType, bytes: Buffer): boolean {
  if (type === 'image/jpeg') return (bytes[3] ?? 0) >= firstJpegMarker;
  return type !== 'application/pdf' || (bytes.subarray(0, 5).equals(pdfHeader) && bytes.includes('%%EOF'));
}

/** The only control characters in text are tab, line feed, form feed and carriage return. */
function isPlainText(bytes: Uint8Array): boolean {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return !/\p{Cc}/u.test(text.replace(/[\t\n\f\r]/g, ''));
  } catch {
    // Not UTF-8.
    return false;
  }
}
