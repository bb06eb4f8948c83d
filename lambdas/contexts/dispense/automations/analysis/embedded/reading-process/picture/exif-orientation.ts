import { jpegSegments } from './image-size.ts';

/** How to make a picture upright: mirror it from left to right first, then turn it clockwise. */
export interface Orientation {
  readonly isMirrored: boolean;
  readonly quarters: number;
}

/** By the value of EXIF's tag Orientation, from 1 (CIPA DC-008, 4.6.4). */
const orientations: readonly Orientation[] = [
  { isMirrored: false, quarters: 0 },
  { isMirrored: true, quarters: 0 },
  { isMirrored: false, quarters: 2 },
  { isMirrored: true, quarters: 2 },
  { isMirrored: true, quarters: 3 },
  { isMirrored: false, quarters: 1 },
  { isMirrored: true, quarters: 1 },
  { isMirrored: false, quarters: 3 },
];
const upright = orientations[0] as Orientation;

const app1 = 0xe1;
const exifHeader = 'Exif\0\0';
const orientationTag = 0x0112;
const entryBytes = 12;

/** The orientation in the EXIF data of a JPEG. Upright if there is none, or if it is damaged. */
export function exifOrientation(bytes: Uint8Array): Orientation {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const { marker, at, length } of jpegSegments(view)) {
    if (marker !== app1) continue;
    const segment = bytes.subarray(at + 2, at + length);
    if (Buffer.from(segment.subarray(0, exifHeader.length)).toString('latin1') !== exifHeader) continue;
    return orientations[(orientationOf(segment.subarray(exifHeader.length)) ?? 1) - 1] ?? upright;
  }
  return upright;
}

/** The value of the tag in the first directory of a TIFF file. Undefined if it is not there. */
function orientationOf(tiff: Uint8Array): number | undefined {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  try {
    const isLittleEndian = view.getUint16(0) === 0x4949;
    const directory = view.getUint32(4, isLittleEndian);
    const entries = view.getUint16(directory, isLittleEndian);
    for (let entry = 0; entry < entries; entry += 1) {
      const at = directory + 2 + entry * entryBytes;
      if (view.getUint16(at, isLittleEndian) === orientationTag)
        return view.getUint16(at + 8, isLittleEndian);
    }
  } catch {
    // It points beyond its end.
  }
  return undefined;
}
