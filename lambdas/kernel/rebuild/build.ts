import type { DomainEvent } from '../decider.ts';
import type { History } from '../history.ts';
import type { Parking } from '../parking.ts';
import type { Folding } from '../projection.ts';
import type { ReadModel } from '../read-model.ts';
import type { StreamName } from '../stream-name.ts';
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
}

/** What work on a part needs. */
export interface PartWork<Row = unknown, Line = unknown> {
  readonly model: RebuiltModel<Row, Line>;
  readonly part: TablePart;
  readonly history: History;
  /** The generation that is being built. */
  readonly building: Pick<ReadModel<Row, Line>, 'load' | 'save'>;
  readonly parking: Parking;
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
  const category = stream.slice(0, stream.indexOf('/'));
  const projection = projections.get(category);
  if (projection === undefined) throw new RangeError(`The read model has no streams of "${category}".`);
  return projection;
}
