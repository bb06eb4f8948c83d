import type { Commit, StreamName } from '../commit.ts';
import type { FoldableCommit } from '../fold.ts';

/** A part of a table. DynamoDB divides it by the hash of the partition key, so a stream is in one part as a whole. */
export interface TablePart {
  /** From 0. */
  readonly segment: number;
  readonly segments: number;
}

/** The key of a stored commit, from which a scan continues. Behind any other key, the local engine ends a scan without an error. */
export interface LogPlace {
  readonly stream: string;
  /** Version of the commit's first event. */
  readonly version: number;
}

/** The parts of a commit that folding and the check of the chain need. */
export type LinkedCommit = FoldableCommit & Pick<Commit, 'hash' | 'previousHash'>;

/** A commit as a scan meets it. */
export interface ScannedCommit {
  readonly stream: StreamName;
  /** Version of its first event; not a number if the item has none. */
  readonly version: number;
  /** Throws `unreadable-event`. */
  readonly read: () => LinkedCommit;
}

/** A page of a scan. */
export interface LogPage {
  readonly commits: readonly ScannedCommit[];
  /** Where the next page begins: after this key. Absent at the end of the part. */
  readonly next?: LogPlace;
}

/**
 * Reads the log in parts, strongly consistent. Commits of a stream usually come together and in order. A commit that is
 * appended meanwhile may be missing.
 */
export interface LogScan {
  /**
   * The commits of these categories in a part, page by page. A page may be empty. `after`: only behind this place; it must be in
   * the part.
   */
  pages(
    part: TablePart,
    range: { readonly categories: readonly string[]; readonly after?: LogPlace | undefined },
  ): AsyncIterable<LogPage>;
}
