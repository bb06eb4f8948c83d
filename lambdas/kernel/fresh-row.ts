import { type StreamName, streamName } from './commit.ts';
import type { DomainEvent } from './decider.ts';
import type { EventLog } from './event-log.ts';
import { type FoldableCommit, type FoldedRow, foldCommits } from './fold.ts';
import { inOrder, isWithin } from './key-order.ts';
import type { Folding, KeyedLine } from './projection.ts';
import type { LineRange, ReadModel } from './read-model.ts';
import { type PointInTime, type StateThen, stateThen } from './time-travel.ts';

/**
 * The row with everything that is committed, for a client that must see its own writes: the stored row, with the commits
 * folded over it that the projector has not reached, and the lines of those commits.
 */
export async function freshRow<Event extends DomainEvent, Row, Line>(
  sources: { readonly log: Pick<EventLog, 'read'>; readonly readModel: Pick<ReadModel<Row, Line>, 'find'> },
  projection: Folding<Event, Row, Line>,
  id: string,
): Promise<FoldedRow<Row, Line> | undefined> {
  const stored = await sources.readModel.find(id);
  const missing: FoldableCommit[] = [];
  const fromVersion = (stored?.version ?? 0) + 1;
  for await (const page of sources.log.read(streamName(projection.category, id), { fromVersion }))
    missing.push(...page);
  return foldCommits(projection, stored, missing);
}

/** The row as it is projected (with no lines), or as {@link freshRow} returns it if `isFresh`. */
export async function rowNow<Event extends DomainEvent, Row, Line>(
  sources: { readonly log: Pick<EventLog, 'read'>; readonly readModel: Pick<ReadModel<Row, Line>, 'find'> },
  projection: Folding<Event, Row, Line>,
  id: string,
  isFresh: boolean,
): Promise<FoldedRow<Row, Line> | undefined> {
  if (isFresh) return freshRow(sources, projection, id);
  const stored = await sources.readModel.find(id);
  return stored && { ...stored, lines: [] };
}

/** A page of a row's lines. */
export interface LinesPage<Line> {
  readonly lines: readonly KeyedLine<Line>[];
  readonly hasMore: boolean;
}

/** A stored page of lines, with the lines inserted that the projector has not written yet. */
export function withLinesAhead<Line>(
  ahead: readonly KeyedLine<Line>[],
  stored: LinesPage<Line>,
  range: LineRange,
): LinesPage<Line> {
  const { order, limit } = range;
  const compare = inOrder(order);
  const known = new Set(stored.lines.map(({ key }) => key));
  const missing = ahead.filter(({ key }) => !known.has(key) && isWithin(key, range, order));
  if (missing.length === 0) return stored;
  const all = [...missing, ...stored.lines].sort((a, b) => compare(a.key, b.key));
  // After the last stored line of this page there may be further stored lines before the inserted ones.
  const last = stored.hasMore ? stored.lines.at(-1) : undefined;
  const certain = last ? all.filter(({ key }) => compare(key, last.key) <= 0) : all;
  return { lines: certain.slice(0, limit), hasMore: stored.hasMore || certain.length > limit };
}

/** The row at a point in time, folded from the log. Its state is undefined before the first event. */
export function rowThen<Event extends DomainEvent, Row, Line>(
  log: EventLog,
  projection: Folding<Event, Row, Line>,
  stream: StreamName,
  then: PointInTime,
): Promise<StateThen<Row | undefined>> {
  return stateThen<Row | undefined, Event>(log, projection.events, stream, then, {
    initial: undefined,
    apply: (row, event) => projection.project(row, event).row,
  });
}
