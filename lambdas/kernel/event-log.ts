import type { Commit, StreamName } from './commit.ts';

/** Which commits of a stream are read. */
export interface ReadRange {
  /**
   * Read commits whose first version is at least this one. Default: 1. It must be the first version of a commit, or one
   * more than the stream's version. A commit that begins earlier is not read, even if it also contains this version.
   */
  readonly fromVersion?: number;
  /**
   * Read commits whose first version is at most this one: the last may end after it. Default: to the end of the stream.
   */
  readonly toVersion?: number | undefined;
  /**
   * Number of commits per request to the store, for a caller that may need no more: the next request waits for the caller.
   * A hint: it does not limit how much is read. Default: the log may read ahead while the caller works.
   */
  readonly pageSize?: number;
  /**
   * Called once, with the version of the last event in the first page, unless that page is known to be all of the range. The page
   * then has at most {@link firstPageCommits} commits. The caller has it meanwhile, but nothing more is requested before the answer.
   * False: the reading ends there. It must not throw. A hint: a log need not call it.
   */
  readonly readsOn?: ((version: number) => Promise<boolean>) | undefined;
}

/**
 * `conflict`: another commit exists at the version of one of these. Nothing was written.
 * `unknown`: the append was cut off. It was carried out, or will be soon, or never.
 */
export type AppendResult = 'appended' | 'conflict' | 'unknown';

/** Most streams, and the commits after a snapshot, need no second request. */
export const firstPageCommits = 100;

/** The maximum number of streams in one append (`TransactWriteItems` accepts 100 items). */
export const appendMaxCommits = 100;

/** The append-only log of commits. Every read is strongly consistent. */
export interface EventLog {
  /**
   * Appends all of the commits or none: at most one per stream, and at most {@link appendMaxCommits} in total.
   *
   * The version of each commit must be one more than the version at which its stream was read: streams have no gaps.
   * If an earlier attempt succeeded and its response was lost, the log recognises the event ids and returns `appended`.
   * An append that takes longer than `appendCutOffMs` is cut off; the result is then `unknown`.
   * Throws `commit-too-large` before it sends anything, and `RangeError` for too many commits.
   */
  append(commits: readonly Commit[]): Promise<AppendResult>;

  /**
   * Reads the commits of a stream, in order and to the end, in pages. Throws `unreadable-event`, and `log-changed` if a commit
   * is missing between two others or is not the one that was appended.
   */
  read(stream: StreamName, range?: ReadRange): AsyncIterable<readonly Commit[]>;

  /** The commit whose first event has this version; undefined if there is none. Throws `unreadable-event` and `log-changed`. */
  readCommit(stream: StreamName, version: number): Promise<Commit | undefined>;
}
