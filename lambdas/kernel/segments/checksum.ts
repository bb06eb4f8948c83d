import { createHash } from 'node:crypto';
import type { StoredHead, StoredRow, StoredSegment } from './segment-store.ts';

type Unchecked<Part> = Omit<Part, 'checksum'>;

/** The checksum of a segment: SHA-256 of its place and its bytes. */
export function segmentChecksum(segment: Unchecked<StoredSegment>): string {
  const { stream, firstVersion, version, lastCommit, hashBefore, hash, packed } = segment;
  return checksumOf(['events', stream, firstVersion, version, lastCommit, hashBefore, hash], packed);
}

/** The checksum of a row: SHA-256 of its place and its content. */
export function rowChecksum(stored: Unchecked<StoredRow>): string {
  const { stream, version, lastCommit, hash, committedAt, projection, rowVersion, row } = stored;
  const place = ['state', stream, version, lastCommit, hash, committedAt, projection, rowVersion];
  return checksumOf(place, row);
}

/** The checksum of a head: SHA-256 of its place and its content. */
export function headChecksum({
  stream,
  version,
  lastCommit,
  hash,
  committedAt,
  commands,
}: Unchecked<StoredHead>): string {
  return checksumOf(['head', stream, version, lastCommit, hash, committedAt], commands);
}

function checksumOf(place: readonly (string | number | undefined)[], content: Uint8Array | string): string {
  const text = JSON.stringify(place.map((part) => part ?? null));
  return createHash('sha256').update(text).update(content).digest('base64url');
}
