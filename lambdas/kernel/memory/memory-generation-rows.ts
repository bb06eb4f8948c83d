import type { FoldedLine, VersionedRow } from '../fold.ts';
import type { Listing } from '../projection.ts';
import type { TablePart } from '../rebuild/log-scan.ts';
import type { RowPage, RowScan, RowSweep } from '../rebuild/row-scan.ts';
import type { RefusedRow, RowWriter } from '../rebuild/row-writer.ts';
import { partOf } from './memory-log-scan.ts';
import { MemoryReadModel } from './memory-read-model.ts';

/** Rows in a page of a scan. */
const pageSize = 3;

/** All generations of a read model in memory, for specs. */
export class MemoryGenerationRows<Row, Line> implements RowScan<Row>, RowSweep {
  readonly #listing: Listing<Row, Line>;
  readonly #generations = new Map<string, MemoryReadModel<Row, Line>>();

  constructor(listing: Listing<Row, Line>) {
    this.#listing = listing;
  }

  rowsOf(generation: string): MemoryReadModel<Row, Line> {
    const known = this.#generations.get(generation);
    if (known) return known;
    const rows = new MemoryReadModel<Row, Line>(this.#listing);
    this.#generations.set(generation, rows);
    return rows;
  }

  /** Writes rows of a generation at once. */
  writerOf(generation: string): RowWriter<Row, Line> {
    const rows = this.rowsOf(generation);
    return {
      lines: async (id: string, lines: readonly FoldedLine<Line>[]) => rows.putLines(id, lines),
      row: async (id: string, { version, row }: VersionedRow<Row>) => {
        const expectedVersion = (await rows.find(id))?.version ?? 0;
        if (expectedVersion < version) await rows.save({ id, expectedVersion, version, row, lines: [] });
      },
      drain: async () => new Map<string, RefusedRow>(),
    };
  }

  async *pages(
    part: TablePart,
    range: { readonly generations: readonly string[]; readonly after?: string | undefined },
  ): AsyncIterable<RowPage<Row>> {
    for (let after = range.after; ; ) {
      const rest = range.generations
        .flatMap((generation) =>
          this.rowsOf(generation)
            .all()
            .map((row) => ({ generation, ...row })),
        )
        .filter(({ id }) => partOf(id, part.segments) === part.segment)
        .sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1))
        .filter((row) => after === undefined || placeOf(row) > after);
      const rows = rest.slice(0, pageSize);
      const last = rest.length > pageSize ? rows.at(-1) : undefined;
      const next = last && placeOf(last);
      yield { rows, ...(next !== undefined && { next }) };
      if (next === undefined) return;
      after = next;
    }
  }

  async removePage(part: TablePart, { generation }: { readonly generation: string }) {
    const rows = this.rowsOf(generation);
    const own = rows.all().filter(({ id }) => partOf(id, part.segments) === part.segment);
    const page = own.slice(0, pageSize);
    const lines = page.reduce((sum, { id }) => sum + rows.remove(id), 0);
    const hasFound = page.length > 0;
    return { rows: page.length, lines, hasFound, ...(own.length > pageSize && { next: 'more' }) };
  }
}

function placeOf({ generation, id }: { readonly generation: string; readonly id: string }): string {
  return `${generation}#${id}`;
}
