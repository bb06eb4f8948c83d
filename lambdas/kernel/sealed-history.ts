import type { ChainEnd } from './chain.ts';
import type { StreamName } from './commit.ts';
import type { FoldableCommit } from './fold.ts';
import type { PointInTime } from './point-in-time.ts';

/** The end of a sealed part of a stream: that of a commit. */
export interface SealedEnd extends ChainEnd {
  /** Version of the first event of the last commit. That commit proves that the part fits the log. */
  readonly lastCommit: number;
}

/** The commits of one segment, decoded. */
export interface SealedPart extends SealedEnd {
  /** At least one, in order. */
  readonly commits: readonly FoldableCommit[];
}

/** What is sealed of a stream. Its end fits the log. */
export interface SealedStream extends SealedEnd {
  /** The recent commands at the end, as `RecentCommands.toBytes` packs them. */
  readonly commands: Uint8Array;
  /**
   * The commits after `from`, segment by segment, at least to `toVersion` (default: to the end). It ends before the first segment that cannot be used: the log has the commits
   * from there on. Never throws.
   */
  read(from: ChainEnd, toVersion?: number): AsyncIterable<SealedPart>;
}

/** A row of the past, and the segments after it. */
export interface SealedPast extends SealedEnd {
  /** Undefined at version 0, where nothing happened yet. */
  readonly row: unknown;
  /** The segments after the row, like {@link SealedStream.read}. */
  readonly parts: AsyncIterable<SealedPart>;
}

/** Which fold a stored row is of. */
export interface RowForm {
  /** Name of the projection. */
  readonly name: string;
  /** Default: 1. */
  readonly rowVersion?: number | undefined;
}

/**
 * The sealed history of streams: copies of their events in segments, and rows at the ends of segments. It is derived from the
 * log, and may be missing, damaged or behind at any place. Nothing here throws: what cannot be used is reported, sealed again
 * later, and read from the log.
 */
export interface SealedHistory {
  /** What is sealed of a stream; undefined if nothing is, or if its end does not fit the log. */
  open(stream: StreamName): Promise<SealedStream | undefined>;
  /** The last row at or before a point in time, with the segments after it. Undefined if nothing is sealed there. */
  past(stream: StreamName, point: PointInTime, form: RowForm): Promise<SealedPast | undefined>;
  /** Whether the log has the commit that ends a part, and so everything in the part. */
  fits(stream: StreamName, end: SealedEnd): Promise<boolean>;
  /** Reports that something sealed contradicts the log, or cannot be folded. It is checked soon. */
  doubt(stream: StreamName, error: unknown): Promise<void>;
  /** Notes how many events of a stream were read from the log although they could be sealed. Many of them are sealed soon. */
  noteUnsealed(stream: StreamName, events: number): Promise<void>;
}
