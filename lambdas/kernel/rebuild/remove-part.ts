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
 * another invocation has taken the part over. Each call deletes at least one page. The part is done when a whole pass over it finds
 * nothing: a pass may end early if the item that it continues behind was deleted by a run that was killed.
 */
export async function removePart(
  { part, generation, sweep, hasTime, save }: RemoveWork,
  from: PartProgress | undefined,
): Promise<PartProgress | undefined> {
  const counts = structuredClone(from?.counts ?? noCounts());
  let { after, hasFound = false } = from ?? {};
  for (;;) {
    const page = await sweep.removePage(part, { generation, after });
    counts.rows += page.rows;
    counts.lines += page.lines;
    after = page.next;
    hasFound ||= page.hasFound;
    const isEnd = after === undefined;
    const progress = { done: isEnd && !hasFound, counts, after, hasFound: !isEnd && hasFound };
    if (isEnd) hasFound = false;
    if (!(await save(progress))) return undefined;
    if (progress.done || !hasTime()) return progress;
  }
}
