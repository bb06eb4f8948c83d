import type { FoldedRow, VersionedDetail, VersionedRow } from './fold.ts';

/** A folded row on its way into the read model. */
export interface RowChange<Row, Detail> extends FoldedRow<Row, Detail> {
  readonly id: string;
  /** The version of the row that was folded over; 0 where there was none. */
  readonly expectedVersion: number;
}

export interface DetailRange {
  /** Only lines of versions below this one. */
  readonly beforeVersion?: number | undefined;
  readonly limit: number;
}

export interface ListRange {
  /** Only rows whose list key sorts behind this one. */
  readonly after?: string | undefined;
  /** 1 to 100. */
  readonly limit: number;
}

export interface ListedRow<Row> extends VersionedRow<Row> {
  readonly listKey: string;
}

/** One generation of one projection's rows. */
export interface ReadModel<Row, Detail> {
  /** The rows of these streams as they are now (strongly consistent); ids without a row are missing from the map. */
  load(ids: readonly string[]): Promise<Map<string, VersionedRow<Row>>>;
  /**
   * Writes a row and its new details. `stale`: the stored row was not at the expected version; the row is unchanged,
   * and details that were written are those that any projector writes for these events.
   */
  save(change: RowChange<Row, Detail>): Promise<'saved' | 'stale'>;
  /** One row, eventually consistent. */
  find(id: string): Promise<VersionedRow<Row> | undefined>;
  /** Details of a row, newest first, eventually consistent. */
  details(id: string, range: DetailRange): Promise<VersionedDetail<Detail>[]>;
  /** Rows in the order of their list keys, eventually consistent; a row that is moved meanwhile may be missed. */
  list(range: ListRange): Promise<ListedRow<Row>[]>;
}
