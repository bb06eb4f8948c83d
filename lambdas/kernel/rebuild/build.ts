import { categoryRows, type SingleRows } from '../category-rows.ts';
import type { DomainEvent } from '../decider.ts';
import type { Effects } from '../effects.ts';
import type { History } from '../history.ts';
import type { Parking } from '../parking.ts';
import type { Folding, Listing } from '../projection.ts';
import { categoryOfStream, keyOfStream, type StreamName, streamName } from '../stream-name.ts';
import type { TablePart } from './log-scan.ts';
import type { PartProgress } from './part-progress.ts';

/** A read model as a rebuild sees it. */
export interface RebuiltModel<Row = unknown, Line = unknown> {
  /** The projection of each category. */
  readonly projections: ReadonlyMap<string, Folding<DomainEvent, Row, Line>>;
  /** The id of the row of a stream. */
  readonly idOf: (stream: string) => string;
  /** The stream of a row. */
  readonly streamOf: (id: string) => StreamName;
  /** The rows of one category by the keys of their streams. */
  readonly rowsOf: (rows: SingleRows<Row, Line>, category: string) => SingleRows<Row, Line>;
}

/** A read model with these projections, each of another category. Throws if rows are named by keys and there are several. */
export function rebuiltModel<Row, Line>(
  { rowIds = 'keys' }: Pick<Listing<Row, Line>, 'rowIds'>,
  projections: readonly Folding<DomainEvent, Row, Line>[],
): RebuiltModel<Row, Line> {
  const byCategory = new Map(projections.map((projection) => [projection.category, projection]));
  if (rowIds === 'streams') {
    return {
      projections: byCategory,
      idOf: (stream) => stream,
      streamOf: (id) => id as StreamName,
      rowsOf: categoryRows,
    };
  }
  const [first, ...others] = projections;
  if (first === undefined || others.length > 0) {
    throw new RangeError('Rows that are named by keys belong to one projection.');
  }
  return {
    projections: byCategory,
    idOf: keyOfStream,
    streamOf: (id) => streamName(first.category, id),
    rowsOf: (rows) => rows,
  };
}

/** What work on a part needs. */
export interface PartWork<Row = unknown, Line = unknown> {
  readonly model: RebuiltModel<Row, Line>;
  readonly part: TablePart;
  readonly history: History;
  /** The rows of the generation that is being built. */
  readonly building: SingleRows<Row, Line>;
  readonly parking: Parking;
  readonly effects: Pick<Effects, 'delay' | 'random'>;
  /** False: the invocation should end soon. */
  readonly hasTime: () => boolean;
  /** Stores how far the part is. False: another invocation works on it, so this one ends. */
  readonly save: (progress: PartProgress) => Promise<boolean>;
}

/** The projection of a stream's category. Throws if the read model has none: its streams are not asked for. */
export function projectionOf<Row, Line>(
  { projections }: RebuiltModel<Row, Line>,
  stream: string,
): Folding<DomainEvent, Row, Line> {
  const projection = projections.get(categoryOfStream(stream));
  if (projection !== undefined) return projection;
  throw new RangeError(`The read model has no projection of "${categoryOfStream(stream)}".`);
}
