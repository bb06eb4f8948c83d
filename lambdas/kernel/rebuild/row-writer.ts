import type { FoldedLine, VersionedRow } from '../fold.ts';

/** Why a row is not stored: the store refuses it, or one of its lines, for good. */
export interface RefusedRow {
  readonly version: number;
  readonly thrown: unknown;
}

/**
 * Writes many rows of one generation together. A row is stored after its lines, and only over an older one. It holds a bounded
 * number of items: `lines` and `row` wait until there is room. After an outage, every call throws its error.
 */
export interface RowWriter<Row, Line> {
  lines(id: string, lines: readonly FoldedLine<Line>[]): Promise<void>;
  row(id: string, row: VersionedRow<Row>): Promise<void>;
  /** Resolves when everything is stored. Returns the rows that were refused since the last call, by their ids. */
  drain(): Promise<ReadonlyMap<string, RefusedRow>>;
}
