import { type StreamName, streamName } from './commit.ts';
import type { DomainEvent } from './decider.ts';
import type { EventLog } from './event-log.ts';
import { type FoldableCommit, type FoldedRow, foldCommits } from './fold.ts';
import { compareKeys, lastKey } from './key-order.ts';
import type { Folding, KeyedLine } from './projection.ts';
import type { LineRange, ReadModel } from './read-model.ts';
import { type PointInTime, type StateThen, stateThen } from './time-travel.ts';

/**
 * The row as a client that has just written must see it: the stored row with the commits that the projector has not
 * reached yet folded over it, and the lines that those add.
 */
export async function freshRow<Event extends DomainEvent, Row, Line>(
  sources: { readonly log: Pick<EventLog, 'read'>; readonly readModel: Pick<ReadModel<Row, Line>, 'find'> },
  projection: Folding<Event, Row, Line>,
  id: string,
): Promise<FoldedRow<Row, Line> | undefined> {
  const stored = await sources.readModel.find(id);
  const behind: FoldableCommit[] = [];
  const fromVersion = (stored?.version ?? 0) + 1;
  for await (const page of sources.log.read(streamName(projection.category, id), { fromVersion }))
    behind.push(...page);
  return foldCommits(projection, stored, behind);
}

/** The row as projected, or with all that is committed; and the lines that have not been projected yet. */
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

/** A stored page of lines with those that the projector has not written yet put in their places. */
export function withLinesAhead<Line>(
  ahead: readonly KeyedLine<Line>[],
  stored: LinesPage<Line>,
  { from = '', to = lastKey, after, order, limit }: LineRange,
): LinesPage<Line> {
  const direction = order === 'ascending' ? 1 : -1;
  const known = new Set(stored.lines.map(({ key }) => key));
  const missing = ahead.filter(
    ({ key }) =>
      !known.has(key) &&
      compareKeys(key, from) >= 0 &&
      compareKeys(key, to) <= 0 &&
      (after === undefined || direction * compareKeys(key, after) > 0),
  );
  if (missing.length === 0) return stored;
  const all = [...missing, ...stored.lines].sort((a, b) => direction * compareKeys(a.key, b.key));
  // Behind the end of a stored page there may be stored lines before the ones that are ahead.
  const last = stored.hasMore ? stored.lines.at(-1) : undefined;
  const sure = last ? all.filter(({ key }) => direction * compareKeys(key, last.key) <= 0) : all;
  return { lines: sure.slice(0, limit), hasMore: stored.hasMore || sure.length > limit };
}

/** The row as it stood at a point in time, folded from the log; its state is undefined before the first event. */
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
