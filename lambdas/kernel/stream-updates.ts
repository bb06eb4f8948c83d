import { lastVersionOf, type StreamName } from './commit.ts';
import type { FoldableCommit } from './fold.ts';

/** What a batch contains about one stream. */
export interface StreamUpdate {
  readonly stream: StreamName;
  /** In any order, with duplicates and gaps. Empty: read the log. */
  readonly commits: readonly FoldableCommit[];
  /** The stream has reached at least this version, even if the commits do not. */
  readonly reachedVersion: number;
}

/** A received commit. If `events` is empty, the events are only in the log. */
export type CommitUpdate = FoldableCommit & {
  /** Number of events in the commit. */
  readonly count: number;
};

/** Groups the commits of a batch by stream. */
export function updatesByStream(commits: readonly CommitUpdate[]): StreamUpdate[] {
  const byStream = Map.groupBy(commits, ({ stream }) => stream);
  return [...byStream].map(([stream, own]) => ({
    stream,
    commits: own.filter(({ events }) => events.length > 0),
    reachedVersion: Math.max(...own.map(reachedBy)),
  }));
}

function reachedBy(commit: CommitUpdate): number {
  return commit.events.length > 0 ? lastVersionOf(commit) : commit.version + commit.count - 1;
}
