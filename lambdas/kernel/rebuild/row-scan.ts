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

/** What was deleted with a page. */
export interface RemovedPage {
  readonly rows: number;
  readonly lines: number;
  /** Whether the page had anything of the generation, deleted or not. */
  readonly hasFound: boolean;
  /** Where the next page begins. Absent at the end of the part. */
  readonly next?: string;
}

/** Deletes what is stored of a generation: rows, their second entries, and lines. */
export interface RowSweep {
  /**
   * Deletes a page, but not its last item if the next page begins behind it: that is deleted with the next page, because an
   * engine may end a scan behind an item that is no longer there.
   */
  removePage(
    part: TablePart,
    range: { readonly generation: string; readonly after?: string | undefined },
  ): Promise<RemovedPage>;
}
