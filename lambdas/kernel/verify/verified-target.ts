import type { DomainEvent } from '../decider.ts';
import type { FoldableCommit } from '../fold.ts';
import type { History } from '../history.ts';
import type { ParkingLot } from '../parking.ts';
import type { Folding } from '../projection.ts';
import type { StoredRows } from './stored-rows.ts';

/** The rows of one projection in one generation of a read model: what is verified and repaired. */
export interface RowsTarget<Event extends DomainEvent, Row, Line> {
  readonly readModel: string;
  readonly generation: string;
  readonly projection: Folding<Event, Row, Line> & { readonly rowIds?: 'keys' | 'streams' };
  readonly rows: StoredRows<Row, Line>;
  /** Whether a projector gets this commit. A row may stay behind the others. Default: it gets all. */
  readonly isDelivered?: ((commit: FoldableCommit) => boolean) | undefined;
}

/** Any target, for code that handles all of them alike. */
// biome-ignore lint/suspicious/noExplicitAny: the types of its parts agree, because it was made from one projection.
export type AnyTarget = RowsTarget<any, any, any>;

/** What verifying and repairing read besides the rows. */
export interface VerifySources {
  readonly history: History;
  readonly parkingLot: Pick<ParkingLot, 'list' | 'release'>;
  /** The current time: ISO 8601, UTC, ms. */
  readonly now: () => string;
}
