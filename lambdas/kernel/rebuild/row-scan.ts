import type { VersionedRow } from '../fold.ts';
import type { TablePart } from './log-scan.ts';

/** A row as a scan meets it. A row that somebody wrote by hand may be undefined, and its version not a number. */
export interface ScannedRow<Row> extends VersionedRow<Row | undefined> {
  readonly generation: string;
  readonly id: string;
}

/** A page of a scan of rows. */
export interface RowPage<Row> {
  readonly rows: readonly ScannedRow<Row>[];
  /** Pass it as `after` of the next page. Absent at the end of the part. */
  readonly next?: string;
}

/** Reads the rows of a read model in parts, strongly consistent, without their lines. */
export interface RowScan<Row> {
  /** A page may be empty. */
  pages(
    part: TablePart,
    range: { readonly generations: readonly string[]; readonly after?: string | undefined },
  ): AsyncIterable<RowPage<Row>>;
}

/** Deletes what is stored of a generation: rows, their second entries, and lines. */
export interface RowSweep {
  /** Deletes a page. Returns what it deleted, and where the next page begins. */
  removePage(
    part: TablePart,
    range: { readonly generation: string; readonly after?: string | undefined },
  ): Promise<{ readonly rows: number; readonly lines: number; readonly next?: string }>;
}
