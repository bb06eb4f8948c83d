import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Json } from './json.ts';
import { problem } from './problem.ts';

/** Encodes positions in lists as opaque text for clients. An altered cursor, or a cursor of another list, is refused. */
export interface Cursors {
  /** `scope` names the list: its route and every filter. A cursor does not contain it and is valid for this scope only. */
  readonly encode: (scope: string, position: Json) => string;
  /** Throws `invalid-cursor` unless exactly this text was encoded with the same key for the same scope. */
  readonly decode: (scope: string, text: string) => Json;
}

/** 128 bits cannot be forged. More would only make the URL longer. */
const macBytes = 16;
/** Maximum length of a cursor. The keys of lists fit; encoding a longer position is a programming error. */
export const cursorCharsMax = 2_048;
/** An HMAC is only as strong as its key. */
const keyBytesMin = 16;

/** Cursors with a secret key. A new key invalidates all cursors. Throws `RangeError` for a key under 16 bytes. */
export function createCursors(key: Buffer): Cursors {
  if (key.byteLength < keyBytesMin) throw new RangeError(`A cursor key needs ${keyBytesMin} bytes or more`);
  return {
    encode: (scope, position) => {
      const payload = Buffer.from(JSON.stringify(position));
      const text = Buffer.concat([macOf(key, scope, payload), payload]).toString('base64url');
      if (text.length > cursorCharsMax) throw new RangeError('The position is too long for a cursor');
      return text;
    },
    decode: (scope, text) => {
      const payload = verified(key, scope, text);
      if (payload === undefined) {
        throw problem('invalid-cursor', 'Invalid cursor for this list. Use "next" of the previous page.');
      }
      return JSON.parse(payload.toString()) as Json;
    },
  };
}

function verified(key: Buffer, scope: string, text: string): Buffer | undefined {
  if (text.length > cursorCharsMax) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  // Decoding skips characters that are not base64url, so the text is compared with its encoding.
  if (bytes.byteLength <= macBytes || bytes.toString('base64url') !== text) return undefined;
  const payload = bytes.subarray(macBytes);
  return timingSafeEqual(bytes.subarray(0, macBytes), macOf(key, scope, payload)) ? payload : undefined;
}

/** The input begins with the length of the scope, so another scope and payload cannot have the same bytes. */
function macOf(key: Buffer, scope: string, payload: Buffer): Buffer {
  const mac = createHmac('sha256', key)
    .update(`${Buffer.byteLength(scope)}:${scope}`)
    .update(payload)
    .digest();
  return mac.subarray(0, macBytes);
}
