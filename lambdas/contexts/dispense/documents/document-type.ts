import { fileTypeFromBuffer } from 'file-type/core';
import { type DocumentType, documentTypes } from '../domain/events.ts';
import { decodePlainText } from './plain-text-encoding.ts';

/** First bytes of PNG and JPEG. The library knows hundreds of formats; untrusted bytes must reach only these parsers. */
const firstBytes = [0x89, 0xff];
/** The first marker after the start of a JPEG image: SOF0 or higher. */
const firstJpegMarker = 0xc0;
/** The header of a PDF, which may be anywhere in its first 1,024 bytes (ISO 32000-1, annex H, note 13). */
const pdfHeader = /%PDF-\d/;
const pdfHeaderWithinBytes = 1_024;

/**
 * The type of a document, determined by its magic bytes and the bytes that must follow, or text if all of it is text.
 * `header`: the client's content type. It is ignored, but text that claims to be a PNG, JPEG or PDF is refused.
 * Undefined: the document is of another type.
 */
export async function documentTypeOf(
  bytes: Uint8Array,
  header: string | undefined,
): Promise<DocumentType | undefined> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const picture = await pictureTypeOf(file);
  if (picture !== undefined) return isGenuinePicture(picture, file) ? picture : undefined;
  if (hasPdfHeader(file)) return file.includes('%%EOF') ? 'application/pdf' : undefined;
  const claimed = header?.split(';', 1)[0]?.trim().toLowerCase();
  if (documentTypes.some((type) => type === claimed && type !== 'text/plain')) return undefined;
  return decodePlainText(bytes) === undefined ? undefined : 'text/plain';
}

async function pictureTypeOf(bytes: Buffer): Promise<DocumentType | undefined> {
  if (!firstBytes.includes(bytes[0] ?? 0)) return undefined;
  const detected = await fileTypeFromBuffer(bytes);
  return documentTypes.find((type) => type === detected?.mime);
}

/** Checks more than the magic bytes, which anyone can put before a text. The library checks the header of a PNG. */
function isGenuinePicture(type: DocumentType, bytes: Buffer): boolean {
  return type !== 'image/jpeg' || (bytes[3] ?? 0) >= firstJpegMarker;
}

function hasPdfHeader(bytes: Buffer): boolean {
  return pdfHeader.test(bytes.toString('latin1', 0, pdfHeaderWithinBytes));
}
