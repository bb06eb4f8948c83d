import type { TablePart } from './log-scan.ts';
import { noCounts, type PartProgress } from './part-progress.ts';
import type { RowSweep } from './row-scan.ts';

/** What deleting a part of a generation needs. */
export interface RemoveWork {
  readonly part: TablePart;
  readonly generation: string;
  readonly sweep: RowSweep;
  readonly hasTime: () => boolean;
  readonly save: (progress: PartProgress) => Promise<boolean>;
}

/**
 * Deletes one part of a generation that nobody uses. Returns how far it is when the part is done or the time is over; undefined if
 * another invocation has taken the part over. Each call deletes at least one page.
 */
export async function removePart(
  { part, generation, sweep, hasTime, save }: RemoveWork,
  from: PartProgress | undefined,
): Promise<PartProgress | undefined> {
  const counts = structuredClone(from?.counts ?? noCounts());
  for (let after = from?.after; ; ) {
    const { rows, lines, next } = await sweep.removePage(part, { generation, after });
    counts.rows += rows;
    counts.lines += lines;
    after = next;
    const progress = { done: next === undefined, counts, after };
    if (!(await save(progress))) return undefined;
    if (progress.done || !hasTime()) return progress;
  }
}
