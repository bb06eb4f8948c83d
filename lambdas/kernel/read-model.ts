import type { FoldedRow, VersionedRow } from './fold.ts';
import type { KeyBounds } from './key-order.ts';
import type { KeyedLine } from './projection.ts';

/** A folded row to be saved. */
export interface RowChange<Row, Line> extends FoldedRow<Row, Line> {
  /** The key of its stream, or the stream's name: see `rowIds` of the projection. The row is in the lists of its tenant. */
  readonly id: string;
  /** The version that the stored row must have; 0 if there must be none. */
  readonly expectedVersion: number;
}

/** A page of a range of keys. For a later page, `after` is the last key of the previous page. */
export interface KeyRange extends KeyBounds {
  /** Maximum number of entries, at least 1. For lists at most 100. */
  readonly limit: number;
}

/** A page of a list. */
export interface ListRange extends KeyRange {
  /** Whose list it is. A shared list is the default tenant's. Default: the default tenant. */
  readonly tenant?: string | undefined;
  /** Only rows in this part of the list. Rows that were saved before the list had parts are in none. Default: the whole list. */
  readonly part?: string | undefined;
}

/** The bounds of a part of a list, or of the whole list. */
export type ListBounds = Pick<ListRange, 'tenant' | 'part' | 'from' | 'to'>;

/** A page of a row's lines. */
export interface LineRange extends KeyRange {
  readonly order: 'ascending' | 'descending';
  /** True: strongly consistent, at twice the cost. For a client that must see its own writes. Default: false. */
  readonly consistent?: boolean;
  /**
   * Where the row was found, so that its lines are of the same generation. A generation stays complete for a minute after a switch
   * and longer. Default: the active one. A read model of one generation ignores it.
   */
  readonly generation?: string | undefined;
}

/** A row and its key in a list. */
export interface ListedRow<Row> extends VersionedRow<Row> {
  /** Id of the row, with its tenant. */
  readonly rowId: string;
  readonly listKey: string;
}

/** A line and its key in a list. */
export interface ListedLine<Line> extends KeyedLine<Line> {
  /** Id of the row that the line belongs to. */
  readonly rowId: string;
  readonly listKey: string;
}

/** One generation of one projection's rows. */
export interface ReadModel<Row, Line, List extends string = string> {
  /** The rows with these ids, strongly consistent. Ids without a row are not in the map. */
  load(ids: readonly string[]): Promise<Map<string, VersionedRow<Row>>>;
  /**
   * Writes a row and its new lines. `stale`: the stored row does not have the expected version. Then the row is unchanged,
   * but lines may have been written. That is harmless: every projector writes the same lines for these events, and a line
   * that changes is never replaced by an older one.
   */
  save(change: RowChange<Row, Line>): Promise<'saved' | 'stale'>;
  /** One row, eventually consistent. */
  find(id: string): Promise<VersionedRow<Row> | undefined>;
  /**
   * A page of a row's lines, eventually consistent unless the range says otherwise. It may have fewer than `limit` lines
   * although more exist (a page of DynamoDB ends at 1 MB): check `hasMore`.
   */
  lines(id: string, range: LineRange): Promise<{ lines: KeyedLine<Line>[]; hasMore: boolean }>;
  /**
   * A page of a list's rows in the order of their keys, eventually consistent. A row whose key changes meanwhile may be
   * missing. If `next` is present, pass it as `after` of the next page.
   */
  list(list: List, range: ListRange): Promise<{ rows: ListedRow<Row>[]; next?: string }>;
  /** A page of a list's lines, like {@link list}. Only for a projection with `changingLines`. */
  listLines(list: List, range: ListRange): Promise<{ lines: ListedLine<Line>[]; next?: string }>;
  /** Number of entries of a list within bounds, counted up to `max`. Eventually consistent. */
  count(list: List, bounds: ListBounds, max: number): Promise<number>;
  /** The generation that these calls read now. A row that is not stored yet will appear in it. */
  generation(): Promise<string>;
}

/** The part of a read model that queries use. */
export type RowQueries<Row, Line, List extends string = string> = Pick<
  ReadModel<Row, Line, List>,
  'find' | 'lines' | 'list' | 'listLines' | 'count' | 'generation'
>;

/** The part of a read model that projectors write. `generation` names it in traces. */
export type WrittenRows<Row, Line> = Pick<ReadModel<Row, Line>, 'load' | 'save'> &
  Partial<Pick<ReadModel<Row, Line>, 'generation'>>;
