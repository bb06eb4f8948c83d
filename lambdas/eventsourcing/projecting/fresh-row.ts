import { type StreamName, streamName } from '../commit.ts';
import type { EventLog } from '../event-log/event-log.ts';
import { type PointInTime, type StateThen, stateThen } from '../time-travel.ts';
import { type FoldableCommit, type FoldedRow, foldCommits } from './fold.ts';
import type { Projection } from './projection.ts';
import type { ReadModel } from './read-model.ts';

/**
 * The row as a client that has just written must see it: the stored row with the commits that the projector has not
 * reached yet folded over it, and the lines that those add.
 */
export async function freshRow<Row, Detail>(
  sources: { readonly log: Pick<EventLog, 'read'>; readonly readModel: ReadModel<Row, Detail> },
  projection: Projection<Row, Detail>,
  id: string,
): Promise<FoldedRow<Row, Detail> | undefined> {
  const stored = await sources.readModel.find(id);
  const behind: FoldableCommit[] = [];
  const fromVersion = (stored?.version ?? 0) + 1;
  for await (const page of sources.log.read(streamName(projection.category, id), { fromVersion }))
    behind.push(...page);
  return foldCommits(projection, stored, behind);
}

/** The row as it stood at a point in time, folded from the log; its state is undefined before the first event. */
export function rowThen<Row, Detail>(
  log: EventLog,
  projection: Projection<Row, Detail>,
  stream: StreamName,
  then: PointInTime,
): Promise<StateThen<Row | undefined>> {
  return stateThen<Row | undefined>(log, projection.schemas, stream, then, {
    initial: undefined,
    apply: (row, event) => projection.project(row, event).row,
  });
}
