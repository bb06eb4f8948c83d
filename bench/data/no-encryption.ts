import { createHash } from 'node:crypto';
import type { SubjectKey, SubjectKeys } from '../../lambdas/kernel/index.ts';

/** Bytes of an IV and a tag, and of a short text as it is padded. */
const [headBytes, textBytes] = [28, 32];

/** Envelopes of the same form and size, with nothing in them, and a plain hash as before there were keys. */
const emptyKey: SubjectKey = {
  id: '0b5a8a52-0000-7000-8000-000000000000',
  encrypt: (_stream, { eventId, path }) => {
    const place = Buffer.from(`${eventId} ${path}`);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(place.length);
    const enc = Buffer.concat([Buffer.alloc(headBytes), length, place, Buffer.alloc(textBytes)]);
    return { enc: enc.toString('base64url'), key: emptyKey.id, v: 1 };
  },
  decrypt: () => null,
  mac: (...parts) => createHash('sha256').update(JSON.stringify(parts)).digest('base64url'),
};

/** Keys that need no table and no KMS, and encrypt nothing: what commands would cost without encryption. */
export const noEncryption: SubjectKeys = {
  find: async () => emptyKey,
  findAll: async (names) => new Map(names.map((name) => [name, emptyKey])),
  create: async () => emptyKey,
};
