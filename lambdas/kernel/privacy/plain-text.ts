import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** The plain text is padded to a multiple of it, so that its length tells little. */
const paddedBytes = 32;
/** A JSON text of fewer bytes is never compressed: names, dates and usual lines. */
const compressedFromBytes = 512;
/** The first byte of a compressed text. No JSON text begins with it. Then follow the length of the compressed part (4 bytes) and the part. */
const compressedTag = 0;
const headBytes = 5;

/**
 * A value as it is encrypted: JSON text in UTF-8, compressed (DEFLATE, RFC 1951) if it is long and that makes it shorter, then padded with
 * spaces. Base64 makes it a third longer again. So the envelope of a long text has about the size of the text, and what has room in a
 * commit and a row as plain text has room in envelopes.
 */
export function toPlainBytes(value: unknown): Buffer {
  const json = Buffer.from(JSON.stringify(value));
  const compressed = json.length < compressedFromBytes ? json : compressedText(json);
  const plain = compressed.length < json.length ? compressed : json;
  const missing = (paddedBytes - (plain.length % paddedBytes)) % paddedBytes;
  // Spaces at the end do not change JSON.
  return Buffer.concat([plain, Buffer.alloc(missing, ' ')]);
}

/** The value of {@link toPlainBytes}. Throws for other bytes. */
export function fromPlainBytes(plain: Buffer): unknown {
  if (plain[0] !== compressedTag) return JSON.parse(plain.toString());
  const end = headBytes + plain.readUInt32BE(1);
  return JSON.parse(inflateRawSync(plain.subarray(headBytes, end)).toString());
}

function compressedText(json: Buffer): Buffer {
  const part = deflateRawSync(json);
  const head = Buffer.alloc(headBytes, compressedTag);
  head.writeUInt32BE(part.length, 1);
  return Buffer.concat([head, part]);
}
