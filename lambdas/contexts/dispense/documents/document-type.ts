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

/** Begins the last record of a ZIP archive. Its last two bytes are the length of the comment behind it. */
const endOfDirectory = Buffer.from('PK\x05\x06', 'latin1');
const endOfDirectoryBytes = 22;

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
  if (isArchive(file)) return undefined;
  const picture = await pictureTypeOf(file);
  if (picture !== undefined) return isGenuinePicture(picture, file) ? picture : undefined;
  if (hasPdfHeader(file)) return file.includes('%%EOF') ? 'application/pdf' : undefined;
  const claimed = header?.split(';', 1)[0]?.trim().toLowerCase();
  if (documentTypes.some((type) => type === claimed && type !== 'text/plain')) return undefined;
  return decodePlainText(bytes) === undefined ? undefined : 'text/plain';
}

/**
 * Whether programs for ZIP archives open the file, whatever it is besides: they look for the end of the directory from the
 * file's end (APPNOTE.TXT, 4.3.16). What people see in such a file depends on the program.
 */
function isArchive(bytes: Buffer): boolean {
  const at = bytes.lastIndexOf(endOfDirectory);
  if (at < 0 || at + endOfDirectoryBytes > bytes.length) return false;
  // The numbers of its disks, which are 0 in one file. Without this check, one in a thousand large pictures has the four bytes by chance.
  if (bytes.readUInt32LE(at + 4) !== 0) return false;
  const end = at + endOfDirectoryBytes + bytes.readUInt16LE(at + endOfDirectoryBytes - 2);
  // Inside of a PDF it is the end of an attachment.
  return end === bytes.length || at > bytes.lastIndexOf('%%EOF');
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
