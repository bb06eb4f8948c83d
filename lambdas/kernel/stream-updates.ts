import { lastVersionOf, placeOfCommit, type StreamName } from './commit.ts';
import type { FoldableCommit } from './fold.ts';
import type { Cause } from './observer.ts';

/** What a batch contains about one stream. */
export interface StreamUpdate {
  readonly stream: StreamName;
  /** In any order, with duplicates and gaps. Empty: read the log. */
  readonly commits: readonly FoldableCommit[];
  /** The stream has reached at least this version, even if the commits do not. */
  readonly reachedVersion: number;
  /** The received commits, each once. Default: none, as for a redrive. */
  readonly causes?: readonly Cause[];
}

/** A received commit. If `events` is empty, the events are only in the log. */
export type CommitUpdate = FoldableCommit & {
  /** Number of events in the commit. */
  readonly count: number;
  /** The W3C trace context of its message. */
  readonly traceparent?: string | undefined;
};

/** Groups the commits of a batch by stream. */
export function updatesByStream(commits: readonly CommitUpdate[]): StreamUpdate[] {
  const byStream = Map.groupBy(commits, ({ stream }) => stream);
  return [...byStream].map(([stream, own]) => ({
    stream,
    commits: own.filter(({ events }) => events.length > 0),
    reachedVersion: Math.max(...own.map(reachedBy)),
    causes: causesOf(own),
  }));
}

/** A commit that was received twice is one cause. */
function causesOf(commits: readonly CommitUpdate[]): readonly Cause[] {
  const causes = new Map<number, Cause>();
  for (const { stream, version, traceparent } of commits) {
    causes.set(version, { traceparent, details: { stream, commits: [placeOfCommit({ stream, version })] } });
  }
  return [...causes.values()];
}

function reachedBy(commit: CommitUpdate): number {
  return commit.events.length > 0 ? lastVersionOf(commit) : commit.version + commit.count - 1;
}
