import type { Commit, StreamName } from './commit.ts';

export interface ReadRange {
  /**
   * Version of the first commit wanted (default 1). A commit that begins earlier is not read, even if it reaches
   * past this version: name the first version behind a commit's last.
   */
  readonly fromVersion?: number;
  /** How many commits to ask the store for at a time; a hint, never a limit on what is read. */
  readonly pageSize?: number;
}

/** `conflict`: somebody else's commit stands in the way of one of these; nothing was written. */
export type AppendResult = 'appended' | 'conflict';

/** The most streams that one append may span (`TransactWriteItems` takes 100 items). */
export const appendMaxCommits = 100;

/** The append-only log of commits, one item each. Every read is strongly consistent. */
export interface EventLog {
  /**
   * Appends the commits, at most one a stream and {@link appendMaxCommits} in all: every one of them or none.
   *
   * Each commit's version must be one more than the version its stream was *read* at: that keeps streams gapless.
   * An append that had already succeeded, its response lost, is recognised by its event ids and counts as appended.
   * Throws `commit-too-large` before anything is sent.
   */
  append(commits: readonly Commit[]): Promise<AppendResult>;

  /** All commits of a stream from a version on, in order, to the end, in pages as they arrive. */
  read(stream: StreamName, range?: ReadRange): AsyncIterable<readonly Commit[]>;

  /** The commit whose first event has this version, if there is one. */
  readCommit(stream: StreamName, version: number): Promise<Commit | undefined>;
}
