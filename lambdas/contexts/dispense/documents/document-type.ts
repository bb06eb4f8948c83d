import { fileTypeFromBuffer } from 'file-type/core';
import { type DocumentType, documentTypes } from '../domain/events.ts';

/** First bytes of PNG, JPEG and PDF. The library reads hundreds of formats; strangers' bytes reach the parsers of these. */
const firstBytes = [0x89, 0xff, 0x25];
/** What follows the start of a JPEG image is a marker: from SOF0 on. */
const firstJpegMarker = 0xc0;
const pdfHeader = Buffer.from('%PDF-');

/**
 * What a document is by its content: by magic bytes and what has to come with them, or text where all of it is. `header` is
 * what the client called it: it decides nothing, but text that claims to be one of the others is not taken for text.
 * Undefined for what no prescription is.
 */
export async function documentTypeOf(
  bytes: Uint8Array,
  header: string | undefined,
): Promise<DocumentType | undefined> {
  const binary = await binaryTypeOf(bytes);
  if (binary !== undefined)
    return isBelievable(binary, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
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

/** Whether more than the magic bytes is there, which anyone can write before a text. Of PNG, the library has seen a header. */
function isBelievable(type: DocumentType, bytes: Buffer): boolean {
  if (type === 'image/jpeg') return (bytes[3] ?? 0) >= firstJpegMarker;
  return type !== 'application/pdf' || (bytes.subarray(0, 5).equals(pdfHeader) && bytes.includes('%%EOF'));
}

/** Text has no control characters but tab, line feed, form feed and carriage return. */
function isPlainText(bytes: Uint8Array): boolean {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return !/\p{Cc}/u.test(text.replace(/[\t\n\f\r]/g, ''));
  } catch {
    // Not UTF-8, which is the answer.
    return false;
  }
}
