import type { Operation } from '../history.ts';
import type { Story } from './story.ts';
import type { PlacedCommit, StreamStory } from './stream-story.ts';

/** The versions that a stream can have had in a span of time: the lowest and the highest. */
export interface VersionWindow {
  readonly lowest: number;
  readonly highest: number;
}

/**
 * The versions that a stream can have had from one moment to another. If nobody knows when a commit was appended, it counts from the
 * time when its operation was sent, and until the time when its operation was answered it may not be there.
 */
export function windowOf(
  { history, streams }: Story,
  name: string,
  fromMs: number,
  toMs: number,
): VersionWindow {
  let [lowest, highest] = [0, 0];
  for (const placed of streams.get(name)?.commits ?? []) {
    const { lastVersion } = placed;
    if (knownMs(placed) < fromMs) lowest = Math.max(lowest, lastVersion);
    if (possibleMs(history.operations, placed) <= toMs) highest = Math.max(highest, lastVersion);
  }
  return { lowest, highest: Math.max(lowest, highest) };
}

/** From when on a commit is certainly in the log. */
export function knownMs({ commit, owner, ackedMs }: PlacedCommit): number {
  if (owner?.by === 'preparation') return Number.NEGATIVE_INFINITY;
  return commit.appendedMs ?? ackedMs ?? Number.POSITIVE_INFINITY;
}

/** From when on a commit can be in the log. */
function possibleMs(operations: readonly Operation[], { commit, owner }: PlacedCommit): number {
  if (owner?.by === 'preparation') return Number.NEGATIVE_INFINITY;
  if (commit.appendedMs !== undefined) return commit.appendedMs;
  const operation = owner?.by === 'operation' ? operations[owner.index] : undefined;
  return operation?.attempts[0]?.sentMs ?? Number.NEGATIVE_INFINITY;
}

/** The ends of a stream's commits within a window: the versions at which somebody can have seen it. */
export function versionsIn(stream: StreamStory | undefined, { lowest, highest }: VersionWindow): number[] {
  const ends = (stream?.commits ?? []).map(({ lastVersion }) => lastVersion);
  return [lowest, ...ends.filter((end) => end > lowest && end <= highest)];
}
