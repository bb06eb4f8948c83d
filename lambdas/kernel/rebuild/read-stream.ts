import { isEventSourcingError } from '../errors.ts';
import type { FoldableCommit, VersionedRow } from '../fold.ts';
import { foldAsFar } from '../fold-as-far.ts';
import { isOutage } from '../outage.ts';
import type { StreamName } from '../stream-name.ts';
import { type PartWork, projectionOf } from './build.ts';
import type { RowWriter } from './row-writer.ts';

/** Maximum number of events between two looks at the clock. A page of the history may be larger. */
const sliceMaxEvents = 2_000;

/** What reading a stream by itself has done. */
export interface ReadStream<Row> {
  /** False: the time is over. The next call continues from the stored row. */
  readonly isFinished: boolean;
  readonly row: VersionedRow<Row> | undefined;
  readonly events: number;
  readonly lines: number;
  /** The last version that was read. */
  readonly reached: number;
  /** Why the stream cannot be folded to its end. */
  readonly fault?: { readonly thrown: unknown };
}

/** Folds one stream from its stored row in the new generation to the end of its history. Throws in an outage. */
export async function readStream<Row, Line>(
  work: Pick<PartWork<Row, Line>, 'model' | 'history' | 'building' | 'hasTime'> & {
    readonly writer: RowWriter<Row, Line>;
  },
  stream: string,
): Promise<ReadStream<Row>> {
  const { model, history, building, writer, hasTime } = work;
  const id = model.idOf(stream);
  const projection = projectionOf(model, stream);
  const stored = (await building.load([id])).get(id);
  let row = stored;
  const counts = { events: 0, lines: 0, reached: row?.version ?? 0 };
  let fault: ReadStream<Row>['fault'];
  let isFinished = true;
  let isOver = false;
  try {
    const fromVersion = (row?.version ?? 0) + 1;
    for await (const slice of slices(history.read(stream as StreamName, { fromVersion }))) {
      if (isOver) {
        isFinished = false;
        break;
      }
      const part = foldAsFar(projection, row, slice);
      if (part.folded) {
        row = { version: part.folded.version, row: part.folded.row };
        counts.lines += part.folded.lines.length;
        await writer.lines(id, part.folded.lines);
      }
      // A version is an event.
      counts.events = (row?.version ?? 0) - (stored?.version ?? 0);
      for (const { version, events } of slice) counts.reached = version + events.length - 1;
      fault = part.fault;
      if (fault) break;
      isOver = !hasTime();
    }
  } catch (thrown) {
    if (!isUnreadable(thrown)) throw thrown;
    fault = { thrown };
  }
  if (row !== undefined && row !== stored) await writer.row(id, row);
  return { isFinished, row, ...counts, ...(fault && { fault }) };
}

function isUnreadable(error: unknown): boolean {
  const isHopeless =
    isEventSourcingError(error, 'unreadable-event') || isEventSourcingError(error, 'log-changed');
  return isHopeless || !isOutage(error);
}

async function* slices(
  pages: AsyncIterable<readonly FoldableCommit[]>,
): AsyncIterable<readonly FoldableCommit[]> {
  for await (const page of pages) {
    let slice: FoldableCommit[] = [];
    let events = 0;
    for (const commit of page) {
      slice.push(commit);
      events += commit.events.length;
      if (events < sliceMaxEvents) continue;
      yield slice;
      slice = [];
      events = 0;
    }
    if (slice.length > 0) yield slice;
  }
}
