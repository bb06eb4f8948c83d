import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Json } from './json.ts';
import { problem } from './problem.ts';

/** Positions in lists, handed to clients and taken back from them: opaque, and of no use once altered or moved. */
export interface Cursors {
  /** `scope` names the list: its route and every filter. It is not in the cursor, yet no other scope accepts it. */
  readonly encode: (scope: string, position: Json) => string;
  /** Throws `invalid-cursor` unless this very text was encoded with the same key for the same scope. */
  readonly decode: (scope: string, text: string) => Json;
}

/** A MAC of 128 bits, and nobody forges it; more would only lengthen the URL. */
const macBytes = 16;
/** Room for the keys lists are read by; encoding a longer position is a programming error. */
export const cursorCharsMax = 2_048;
/** HMAC's security is that of its key. */
const keyBytesMin = 16;

/** Cursors under one secret key of 16 bytes or more. Another key makes every cursor given out before invalid. */
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
        throw problem(
          'invalid-cursor',
          'This cursor is not one this list gave out. Take "next" from its last page.',
        );
      }
      return JSON.parse(payload.toString()) as Json;
    },
  };
}

function verified(key: Buffer, scope: string, text: string): Buffer | undefined {
  if (text.length > cursorCharsMax) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  // Decoding skips foreign characters: only the text we would write ourselves is ours.
  if (bytes.byteLength <= macBytes || bytes.toString('base64url') !== text) return undefined;
  const payload = bytes.subarray(macBytes);
  return timingSafeEqual(bytes.subarray(0, macBytes), macOf(key, scope, payload)) ? payload : undefined;
}

/** The scope's length goes first, so that no scope and payload can pass for another pair. */
function macOf(key: Buffer, scope: string, payload: Buffer): Buffer {
  const mac = createHmac('sha256', key)
    .update(`${Buffer.byteLength(scope)}:${scope}`)
    .update(payload)
    .digest();
  return mac.subarray(0, macBytes);
}
