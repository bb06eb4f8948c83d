import type { Envelope } from './envelope.ts';

/*
 * `enc` of an envelope, as bytes: IV (12), tag (16), length of the place (2), the place in UTF-8, ciphertext. Reading the place needs no
 * key, so a fold can see that an envelope belongs to another event.
 */

/** The sizes of the parts, in bytes. */
export const ivBytes = 12;
export const tagBytes = 16;
export const lengthBytes = 2;

/** Where a personal value belongs: the event, and the path of the field in the event's data as it is stored: `drugs[0]`. */
export interface FieldPlace {
  readonly eventId: string;
  readonly path: string;
}

/** A ciphertext is not what this key has encrypted in this place: it was changed, moved, or is of another stream. */
export class ForeignCiphertextError extends Error {
  override readonly name = 'ForeignCiphertextError';
}

/** The place that a ciphertext names: where it was encrypted. Undefined if it is malformed. It is not authenticated yet. */
export function placeOf({ enc }: Envelope): FieldPlace | undefined {
  const place = partsOf(Buffer.from(enc, 'base64url'))?.place.toString();
  const end = place?.indexOf(' ') ?? -1;
  if (place === undefined || end === -1) return undefined;
  return { eventId: place.slice(0, end), path: place.slice(end + 1) };
}

/** The parts of a ciphertext. Undefined if it is malformed. */
export function partsOf(bytes: Buffer) {
  const placeAt = ivBytes + tagBytes + lengthBytes;
  if (bytes.length < placeAt) return undefined;
  const end = placeAt + bytes.readUInt16BE(placeAt - lengthBytes);
  if (bytes.length < end) return undefined;
  return {
    iv: bytes.subarray(0, ivBytes),
    tag: bytes.subarray(ivBytes, ivBytes + tagBytes),
    place: bytes.subarray(placeAt, end),
    ciphertext: bytes.subarray(end),
  };
}
