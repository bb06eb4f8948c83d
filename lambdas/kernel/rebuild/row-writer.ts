import type { FoldedLine, VersionedRow } from '../fold.ts';

/** What a writer has stored. */
export interface Written {
  readonly rows: number;
  readonly lines: number;
}

/**
 * Writes many rows of one generation together. A row is stored after its lines, and only over an older one. It holds a bounded
 * number of items: `lines` and `row` wait until there is room. After a failed write, every call throws its error.
 */
export interface RowWriter<Row, Line> {
  lines(id: string, lines: readonly FoldedLine<Line>[]): Promise<void>;
  row(id: string, row: VersionedRow<Row>): Promise<void>;
  /** Resolves when everything is stored. Returns what was stored since the last call. */
  drain(): Promise<Written>;
}
