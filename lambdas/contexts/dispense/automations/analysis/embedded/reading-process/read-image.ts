import type { DocumentDoubt } from '../../reading/document-text.ts';
import { pictureMaxMegapixels, type ReaderAnswer } from '../reader-protocol.ts';
import { linesOf } from './layout/lines.ts';
import { exifOrientation } from './picture/exif-orientation.ts';
import { mirrored, turned } from './picture/gray-picture.ts';
import { imageSize } from './picture/image-size.ts';
import { OcrEngine } from './picture/ocr-engine.ts';
import { readPicture } from './picture/read-picture.ts';

/** The chunk of a PNG with several pictures, of which one is read (https://www.w3.org/TR/png-3/#acTL-chunk). */
const animationControl = 'acTL';

/** Reads a PNG or JPEG. `folder` has tesseract's WebAssembly and data. */
export async function readImage(bytes: Uint8Array, folder: string): Promise<ReaderAnswer> {
  const size = imageSize(bytes);
  if (!size || size.width === 0 || size.height === 0) return { kind: 'refused', because: 'damaged-picture' };
  if (size.width * size.height > pictureMaxMegapixels * 1e6) {
    return { kind: 'refused', because: 'large-picture' };
  }
  const engine = await OcrEngine.start(folder);
  const decoded = engine.decode(bytes);
  if (!decoded) return { kind: 'refused', because: 'damaged-picture' };
  const { isMirrored, quarters } = exifOrientation(bytes);
  const words = readPicture(engine, turned(isMirrored ? mirrored(decoded) : decoded, quarters));
  if (words.length === 0) return { kind: 'refused', because: 'without-text' };
  const doubts: DocumentDoubt[] = isAnimated(bytes) ? ['unreadable-part'] : [];
  return { kind: 'read', document: { source: 'picture', pages: [linesOf(words)], doubts } };
}

function isAnimated(bytes: Uint8Array): boolean {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // It stands before the first data of a picture.
  const end = file.indexOf('IDAT');
  return end >= 0 && file.subarray(0, end).includes(animationControl);
}
