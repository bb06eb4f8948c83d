import { type Commit, lastVersionOf, recordedEvent } from './commit.ts';
import type { DomainEvent } from './decider.ts';
import { readEvent, readKnownEvent } from './event-definitions.ts';
import type { Folding, KeyedLine } from './projection.ts';

/** A row and the version of the stream that it reflects. The version is always that of a commit's last event. */
export interface VersionedRow<Row> {
  readonly version: number;
  readonly row: Row;
  /** The generation that a query found it in. */
  readonly generation?: string;
}

/** A line and the version of the event that last changed it. */
export interface FoldedLine<Line> extends KeyedLine<Line> {
  readonly version: number;
}

/** A row after folding, and the lines to write with it. */
export interface FoldedRow<Row, Line> extends VersionedRow<Row> {
  /** Each key occurs once. */
  readonly lines: readonly FoldedLine<Line>[];
}

/** The part of a commit that folding needs. The log and the published form both contain it. */
export type FoldableCommit = Pick<Commit, 'stream' | 'version' | 'events' | 'committedAt'>;

/** Commits between the row and this commit are missing. They must be read from the log. */
export class VersionGapError extends Error {
  override readonly name = 'VersionGapError';
}

/**
 * Folds commits, in order, over a row, and skips those that the row already reflects. Returns undefined if there is no row
 * and no commit. Throws {@link VersionGapError}, `unreadable-event`, and what the projection throws.
 */
export function foldCommits<Event extends DomainEvent, Row, Line>(
  projection: Folding<Event, Row, Line>,
  from: VersionedRow<Row> | undefined,
  commits: Iterable<FoldableCommit>,
): FoldedRow<Row, Line> | undefined {
  let version = from?.version ?? 0;
  let row = from?.row;
  const lines = new Map<string, FoldedLine<Line>>();
  const read = projection.unknownEvents === 'passed-on' ? readKnownEvent : readEvent;
  for (const commit of commits) {
    // Only for speed: to the check of gaps it would look like a gap, and the row would be folded from the log.
    if (lastVersionOf(commit) <= version) continue;
    if (commit.version !== version + 1) {
      throw new VersionGapError(
        `Version ${version + 1} of ${commit.stream} is missing before ${commit.version}.`,
      );
    }
    for (const stored of commit.events) {
      version += 1;
      const event = read(projection.events, commit.stream, recordedEvent(commit, stored, version));
      const projected = projection.project(row, event);
      row = projected.row;
      if (projected.line !== undefined) note(lines, projected.line, version);
      if (projected.lines !== undefined) for (const line of projected.lines) note(lines, line, version);
    }
  }
  return row === undefined ? undefined : { version, row, lines: [...lines.values()] };
}

function note<Line>(lines: Map<string, FoldedLine<Line>>, { key, line }: KeyedLine<Line>, version: number) {
  lines.set(key, { key, line, version });
}
