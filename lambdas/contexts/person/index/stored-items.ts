import type { StreamName } from '../../../kernel/index.ts';
import type { ItemKey } from './index-items.ts';

/** A person. Its partition also has an item for each of its streams and entries. */
export interface StoredPerson {
  /** Number of its streams. */
  readonly streams: number;
  readonly sameAs?: string;
  readonly erasedAt?: string;
  /** Number of streams that were unlinked since then. */
  readonly erasedStreams?: number;
}

/** HMACs of an identifier and of a birth date. */
export interface Macs {
  readonly identifierMac: string;
  readonly birthMac: string;
}

/** What finds a person. */
export interface StoredEntry {
  readonly personId: string;
  /** Number of the person's streams that have it. The last one removes it. */
  readonly streams: number;
}

/** The link of a stream. */
export interface StoredLink {
  readonly personId: string;
  /** Version of the event that it is of. */
  readonly version: number;
  readonly entry?: Macs;
}

/** In the place of a link: the stream was erased, so nothing can link it again. */
export const erasedStream = { erased: true } as const;
export type ErasedStream = typeof erasedStream;

/** In the partition of a person, before the names of its streams. */
export const streamPrefix = 'stream/';
/** In the partition of a person, before its entries. */
export const entryPrefix = 'entry/';

const single = '-';

/** The link of a stream. Its name has its tenant. */
export function linkKey(stream: StreamName): ItemKey {
  return { pk: `link/${stream}`, sk: single };
}

/** The partition of a person. */
export function personPartition(tenant: string, personId: string): string {
  return `person/${tenant}/${personId}`;
}

export function personKey(tenant: string, personId: string): ItemKey {
  return { pk: personPartition(tenant, personId), sk: single };
}

/** Says that a person has a stream. */
export function personStreamKey(tenant: string, personId: string, stream: StreamName): ItemKey {
  return { pk: personPartition(tenant, personId), sk: streamPrefix + stream };
}

/** Says that a person has an entry. */
export function personEntryKey(tenant: string, personId: string, macs: Macs): ItemKey {
  return {
    pk: personPartition(tenant, personId),
    sk: `${entryPrefix}${macs.identifierMac}/${macs.birthMac}`,
  };
}

/** The entries of an identifier are one partition, by birth date. */
export function entryPartition(tenant: string, identifierMac: string): string {
  return `entry/${tenant}/${identifierMac}`;
}

export function entryKey(tenant: string, { identifierMac, birthMac }: Macs): ItemKey {
  return { pk: entryPartition(tenant, identifierMac), sk: birthMac };
}
