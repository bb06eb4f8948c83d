import { type StreamName, streamName } from './commit.ts';
import type { DomainEvent } from './decider.ts';
import type { EventLog } from './event-log.ts';
import { type FoldableCommit, type FoldedRow, foldCommits } from './fold.ts';
import { inOrder, isWithin } from './key-order.ts';
import type { PointInTime } from './point-in-time.ts';
import type { Folding, KeyedLine } from './projection.ts';
import type { LineRange, RowQueries } from './read-model.ts';
import { type PastSources, type StateAt, stateAt } from './time-travel.ts';

interface RowSources<Row, Line> {
  readonly log: Pick<EventLog, 'read'>;
  readonly readModel: Pick<RowQueries<Row, Line>, 'find' | 'generation'>;
}

/**
 * The row with everything that is committed, for a client that must see its own writes. It is the stored row after
 * folding the commits that the projector has not handled yet. `lines` are the lines of those commits. A row that is not stored yet
 * has the generation in which it will appear, so that its entity tag stays the same.
 */
export async function freshRow<Event extends DomainEvent, Row, Line>(
  sources: RowSources<Row, Line>,
  projection: Folding<Event, Row, Line>,
  id: string,
): Promise<FoldedRow<Row, Line> | undefined> {
  const stored = await sources.readModel.find(id);
  const missing: FoldableCommit[] = [];
  const fromVersion = (stored?.version ?? 0) + 1;
  for await (const page of sources.log.read(streamName(projection.category, id), { fromVersion }))
    missing.push(...page);
  const folded = foldCommits(projection, stored, missing);
  if (folded === undefined) return undefined;
  return { ...folded, generation: stored?.generation ?? (await sources.readModel.generation()) };
}

/** The stored row, without lines. With `isFresh`: what {@link freshRow} returns. */
export async function rowNow<Event extends DomainEvent, Row, Line>(
  sources: RowSources<Row, Line>,
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

/** A stored page of lines, with the unprojected lines inserted: those that the projector has not written yet. */
export function withUnprojectedLines<Line>(
  unprojected: readonly KeyedLine<Line>[],
  stored: LinesPage<Line>,
  range: LineRange,
): LinesPage<Line> {
  const { order, limit } = range;
  const compare = inOrder(order);
  const known = new Set(stored.lines.map(({ key }) => key));
  const missing = unprojected.filter(({ key }) => !known.has(key) && isWithin(key, range, order));
  if (missing.length === 0) return stored;
  const all = [...missing, ...stored.lines].sort((a, b) => compare(a.key, b.key));
  // Inserted lines after the last stored one are on a later page, because more stored lines may precede them.
  const last = stored.hasMore ? stored.lines.at(-1) : undefined;
  const certain = last ? all.filter(({ key }) => compare(key, last.key) <= 0) : all;
  return { lines: certain.slice(0, limit), hasMore: stored.hasMore || certain.length > limit };
}

/**
 * The row at a point in time, folded from the history. Undefined before the first event. Throws `unreadable-event` and
 * `log-changed`.
 */
export function rowAt<Event extends DomainEvent, Row, Line>(
  sources: PastSources,
  projection: Folding<Event, Row, Line>,
  stream: StreamName,
  point: PointInTime,
): Promise<StateAt<Row | undefined>> {
  return stateAt<Row | undefined, Event>(sources, projection.events, stream, point, {
    initial: undefined,
    apply: (row, event) => projection.project(row, event).row,
    form: projection,
  });
}
