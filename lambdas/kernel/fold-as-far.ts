import type { DomainEvent } from './decider.ts';
import {
  type FoldableCommit,
  type FoldedLine,
  type FoldedRow,
  foldCommits,
  type VersionedRow,
} from './fold.ts';
import type { Folding } from './projection.ts';

/** A fold that may have ended before the last commit. */
export interface PartlyFolded<Row, Line> {
  /** As far as it folds. Undefined: nothing does. */
  readonly folded: FoldedRow<Row, Line> | undefined;
  /** Why it ended early. */
  readonly fault?: { readonly thrown: unknown };
}

/** Folds commits over a row. If one cannot be folded, the result is the row before it, with the fault. */
export function foldAsFar<Event extends DomainEvent, Row, Line>(
  projection: Folding<Event, Row, Line>,
  from: VersionedRow<Row> | undefined,
  commits: readonly FoldableCommit[],
): PartlyFolded<Row, Line> {
  try {
    return { folded: foldCommits(projection, from, commits) };
  } catch {
    return oneByOne(projection, from, commits);
  }
}

function oneByOne<Event extends DomainEvent, Row, Line>(
  projection: Folding<Event, Row, Line>,
  from: VersionedRow<Row> | undefined,
  commits: readonly FoldableCommit[],
): PartlyFolded<Row, Line> {
  let row = from;
  const lines = new Map<string, FoldedLine<Line>>();
  const soFar = () => row && { ...row, lines: [...lines.values()] };
  for (const commit of commits) {
    try {
      const folded = foldCommits(projection, row, [commit]);
      if (folded === undefined) continue;
      row = { version: folded.version, row: folded.row };
      for (const line of folded.lines) lines.set(line.key, line);
    } catch (thrown) {
      return { folded: soFar(), fault: { thrown } };
    }
  }
  return { folded: soFar() };
}
