/** The size of an image in pixels. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** The size in the header of a PNG or JPEG. Undefined if there is no header. */
export function imageSize(bytes: Uint8Array): ImageSize | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return isPng(view) ? pngSize(view) : jpegSize(view);
}

function isPng(view: DataView): boolean {
  return view.byteLength >= 24 && view.getUint32(0) === 0x89504e47 && view.getUint32(4) === 0x0d0a1a0a;
}

/** The header chunk is always the first (https://www.w3.org/TR/png-3/#5ChunkOrdering). */
function pngSize(view: DataView): ImageSize {
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

/**
 * The greatest width and height of all frame headers (ITU T.81, B.2.2). Decoders skip what is no marker, so this does too: a
 * header behind such bytes is not hidden.
 */
function jpegSize(view: DataView): ImageSize | undefined {
  let size: ImageSize | undefined;
  for (const { marker, at } of jpegSegments(view)) {
    if (!isFrame(marker) || at + 7 > view.byteLength) continue;
    size = {
      height: Math.max(size?.height ?? 0, view.getUint16(at + 3)),
      width: Math.max(size?.width ?? 0, view.getUint16(at + 5)),
    };
  }
  return size;
}

/** A segment of a JPEG that has a length. */
export interface JpegSegment {
  readonly marker: number;
  /** Where the length of the segment is. Its content begins 2 bytes later. */
  readonly at: number;
  /** The length, with its own 2 bytes. */
  readonly length: number;
}

/** The segments of a JPEG, in order. None if the bytes do not begin as a JPEG. Skips scan data and other bytes between them. */
export function* jpegSegments(view: DataView): Generator<JpegSegment> {
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return;
  for (let at = 2; at + 4 <= view.byteLength; ) {
    const marker = view.getUint8(at) === 0xff ? view.getUint8(at + 1) : 0;
    if (!hasLength(marker)) at += 1;
    else {
      const length = Math.max(2, view.getUint16(at + 2));
      yield { marker, at: at + 2, length };
      at += 2 + length;
    }
  }
}

/** Not: stuffing (00), TEM (01), restarts (D0 to D7), start and end of an image (D8 and D9), fill bytes (FF). */
function hasLength(marker: number): boolean {
  return marker > 0x01 && marker < 0xff && (marker < 0xd0 || marker > 0xd9);
}

/** C0 to CF, except those that define tables: Huffman (C4), extensions (C8) and arithmetic conditioning (CC). */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}
