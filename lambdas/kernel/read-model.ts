import type { FoldedRow, VersionedRow } from './fold.ts';
import type { KeyedLine } from './projection.ts';

/** A folded row on its way into the read model. */
export interface RowChange<Row, Line> extends FoldedRow<Row, Line> {
  readonly id: string;
  /** The version of the row that was folded over; 0 where there was none. */
  readonly expectedVersion: number;
}

/** Keys are compared as UTF-8. */
export interface KeyRange {
  /** First key wanted. */
  readonly from?: string | undefined;
  /** Last key wanted. */
  readonly to?: string | undefined;
  /** The key that the page before ended with: this one goes on behind it. */
  readonly after?: string | undefined;
  /** At least 1. Lists take at most 100. */
  readonly limit: number;
}

export interface LineRange extends KeyRange {
  readonly order: 'ascending' | 'descending';
  /** Read what is there now, at twice the price; for a client that must see its own writes. */
  readonly consistent?: boolean;
}

export interface ListedRow<Row> extends VersionedRow<Row> {
  readonly listKey: string;
}

export interface ListedLine<Line> extends KeyedLine<Line> {
  /** Of the row that the line belongs to. */
  readonly rowId: string;
  readonly listKey: string;
}

/** One generation of one projection's rows. */
export interface ReadModel<Row, Line, List extends string = string> {
  /** The rows of these streams as they are now (strongly consistent); ids without a row are missing from the map. */
  load(ids: readonly string[]): Promise<Map<string, VersionedRow<Row>>>;
  /**
   * Writes a row and its new lines. `stale`: the stored row was not at the expected version; the row is unchanged,
   * and lines that were written are those that any projector writes for these events. A line that changes is never
   * replaced by an older one.
   */
  save(change: RowChange<Row, Line>): Promise<'saved' | 'stale'>;
  /** One row, eventually consistent. */
  find(id: string): Promise<VersionedRow<Row> | undefined>;
  /**
   * Lines of a row, eventually consistent. May answer fewer than `limit` although there are more (a page of DynamoDB
   * ends at 1 MB): `hasMore` tells.
   */
  lines(id: string, range: LineRange): Promise<{ lines: KeyedLine<Line>[]; hasMore: boolean }>;
  /**
   * Rows of a list in the order of their keys, eventually consistent; a row that is moved meanwhile may be missed.
   * `next`, where there may be more, is what the following page goes `after`.
   */
  list(list: List, range: KeyRange): Promise<{ rows: ListedRow<Row>[]; next?: string }>;
  /** Lines of a list in the order of their keys, as {@link list} gives rows; only of a projection whose lines change. */
  listLines(list: List, range: KeyRange): Promise<{ lines: ListedLine<Line>[]; next?: string }>;
  /** How many entries a list has within bounds, counted up to `max`; eventually consistent. */
  count(list: List, bounds: Pick<KeyRange, 'from' | 'to'>, max: number): Promise<number>;
}
