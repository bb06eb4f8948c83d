import type { StreamName } from '../commit.ts';
import type { SealedEnd } from '../sealed-history.ts';

/** Where something sealed ends, as it is stored. */
export interface StoredEnd extends SealedEnd {
  readonly stream: StreamName;
  /** What the part must have, see `checksumOf`. */
  readonly checksum: string;
}

/** A segment as it is stored: the commits of a stream from `firstVersion` to `version`. */
export interface StoredSegment extends StoredEnd {
  readonly firstVersion: number;
  /** The hash of the commit before; undefined if that has none, or if there is none. */
  readonly hashBefore: string | undefined;
  /** See `packCommits`. */
  readonly packed: Uint8Array;
}

/** A row at the end of a segment. */
export interface StoredRow extends StoredEnd {
  /** Time of the commit that ends at `version`. */
  readonly committedAt: string;
  /** Name of the projection. */
  readonly projection: string;
  readonly rowVersion: number;
  /** JSON. */
  readonly row: string;
}

/** How far a stream is sealed. It is written after everything that it covers. */
export interface StoredHead extends StoredEnd {
  readonly committedAt: string;
  /** The recent commands at `version`, as `RecentCommands.toBytes` packs them. */
  readonly commands: Uint8Array;
}

/** Which segments are read. */
export interface SegmentRange {
  /** Those that end at this version or later. */
  readonly fromVersion: number;
  /** Those that begin at this version or before. Default: to the last one. */
  readonly toVersion?: number | undefined;
  /** Number of segments per request to the store. Default: 32. With 1, no page is read ahead. */
  readonly pageSize?: number;
}

/**
 * Keeps what is sealed of streams. All of it is derived from the log: losing it costs only time. What is stored may be damaged:
 * everything is returned unchecked, or reading it throws.
 */
export interface SegmentStore {
  /** Segments of a stream in order, to the end, in pages. Eventually consistent. */
  segments(stream: StreamName, range: SegmentRange): AsyncIterable<readonly StoredSegment[]>;
  /** The last row at this version or before. Eventually consistent. */
  rowBefore(stream: StreamName, version: number): Promise<StoredRow | undefined>;
  /** Eventually consistent, unless `consistent` is true. */
  head(stream: StreamName, options?: { readonly consistent?: boolean }): Promise<StoredHead | undefined>;
  /** Stores a segment, and replaces one that begins at the same version. */
  putSegment(segment: StoredSegment): Promise<void>;
  /** Stores a row, and replaces one of the same version. */
  putRow(row: StoredRow): Promise<void>;
  /**
   * Stores a head, unless the stored one has the same or a later version. It always replaces one with the checksum `replaces`,
   * which cannot be used.
   */
  putHead(head: StoredHead, options?: { readonly replaces?: string | undefined }): Promise<void>;
}

/** The maximum size of a part in bytes: an item of 400 KB without its other attributes. */
export const partMaxBytes = 390_000;
