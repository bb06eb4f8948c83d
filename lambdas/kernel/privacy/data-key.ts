import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto';
import {
  type Envelope,
  type FieldPlace,
  ForeignCiphertextError,
  ivBytes,
  lengthBytes,
  partsOf,
  type SubjectKey,
  tagBytes,
} from '../index.ts';

/** Length of a data key, in bytes: that of AES-256. */
export const dataKeyBytes = 32;

const cipher = 'aes-256-gcm';
/** The plain text is padded to a multiple of it, so that its length tells little. */
const paddedBytes = 32;

/**
 * The data key of one data subject. Encrypts personal values with AES-256-GCM, and authenticates texts with HMAC-SHA-256. Each use has a
 * key of its own, derived by HKDF (RFC 5869).
 *
 * `enc` of an envelope is: IV (12 bytes), tag (16), length of the place (2), the place in UTF-8, ciphertext. The stream and the place are
 * associated data, so a ciphertext that is moved cannot be decrypted. The IV is an HMAC of the stream, the place and the plain text:
 * the same IV never encrypts two texts, without a source of randomness.
 */
export class DataKey implements SubjectKey {
  /** Names the key in envelopes. Random: it says nothing about the person. */
  readonly id: string;
  readonly #encryption: Buffer;
  readonly #iv: Buffer;
  readonly #mac: Buffer;

  /** `dataKey`: {@link dataKeyBytes} bytes. */
  constructor(id: string, dataKey: Uint8Array) {
    if (dataKey.byteLength !== dataKeyBytes)
      throw new RangeError(`A data key has ${dataKeyBytes} bytes, not ${dataKey.byteLength}.`);
    this.id = id;
    this.#encryption = derived(dataKey, 'encryption');
    this.#iv = derived(dataKey, 'iv');
    this.#mac = derived(dataKey, 'mac');
  }

  /** The envelope of a value, which is plain JSON. */
  encrypt(stream: string, { eventId, path }: FieldPlace, value: unknown): Envelope {
    const place = Buffer.from(`${eventId} ${path}`);
    const length = Buffer.alloc(lengthBytes);
    length.writeUInt16BE(place.length);
    const plain = padded(JSON.stringify(value));
    const associated = associatedData(stream, place);
    const iv = createHmac('sha256', this.#iv).update(associated).update(plain).digest().subarray(0, ivBytes);
    const encrypting = createCipheriv(cipher, this.#encryption, iv).setAAD(associated);
    const ciphertext = Buffer.concat([encrypting.update(plain), encrypting.final()]);
    const enc = Buffer.concat([iv, encrypting.getAuthTag(), length, place, ciphertext]);
    return { enc: enc.toString('base64url'), key: this.id, v: 1 };
  }

  /** The value in an envelope of this key. Throws {@link ForeignCiphertextError}. */
  decrypt(stream: string, { enc }: Envelope): unknown {
    const bytes = Buffer.from(enc, 'base64url');
    const parts = partsOf(bytes);
    if (parts === undefined) throw new ForeignCiphertextError('This is no ciphertext.');
    const decrypting = createDecipheriv(cipher, this.#encryption, parts.iv, { authTagLength: tagBytes });
    decrypting.setAAD(associatedData(stream, parts.place)).setAuthTag(parts.tag);
    try {
      const plain = Buffer.concat([decrypting.update(parts.ciphertext), decrypting.final()]);
      return JSON.parse(plain.toString());
    } catch {
      // Without the cause: it says nothing more, and may quote the text.
      throw new ForeignCiphertextError('The ciphertext was changed, or is of another stream or event.');
    }
  }

  /** HMAC-SHA-256 of the parts, as base64url. The parts are encoded as JSON, so different parts are never the same text. */
  mac(...parts: readonly (string | null)[]): string {
    return createHmac('sha256', this.#mac).update(JSON.stringify(parts)).digest('base64url');
  }
}

function derived(dataKey: Uint8Array, use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', dataKey, '', `streamfold ${use}`, dataKeyBytes));
}

function associatedData(stream: string, place: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${stream}\n`), place]);
}

/** Spaces at the end do not change JSON. */
function padded(json: string): Buffer {
  const plain = Buffer.from(json);
  const missing = (paddedBytes - (plain.length % paddedBytes)) % paddedBytes;
  return Buffer.concat([plain, Buffer.alloc(missing, ' ')]);
}
