import {
  type Bookmarks,
  type CachedGenerations,
  firstGeneration,
  forEachConcurrently,
  isOutage,
  type ListedRow,
  type Observer,
  type ReadModel,
  writtenGenerations,
} from '../../../kernel/index.ts';
import type { Measurement } from '../domain/metric.ts';
import type { MetricRow } from './projection.ts';

const bookmark = 'metrics-filing';
const done = 'done';
const waitPrefix = 'wait until ';
const afterPrefix = 'after ';
/** Instances of the version before, which file nothing, have ended this long after a deployment. */
const waitMs = 15 * 60 * 1_000;
/** Maximum number of metrics of one run. */
const runMaxRows = 10_000;
const pageRows = 100;
const concurrency = 8;

/**
 * The rows that may not be filed: those of the first generation, while projectors write it. Every later generation is built by
 * code that files each row. Filing the active generation instead could leave the first one half filed, and an undo can make it
 * active again. Without the first generation there are no such rows, so filing is done.
 */
export function unfiledRows(
  generations: Pick<CachedGenerations, 'current'>,
  rowsOf: (generation: string) => FilingDependencies['readModel'],
): FilingDependencies['readModel'] {
  const rows = rowsOf(firstGeneration);
  const isWritten = async () => writtenGenerations(await generations.current()).includes(firstGeneration);
  return {
    list: async (list, range) => ((await isWritten()) ? rows.list(list, range) : { rows: [] }),
    save: async (change) => ((await isWritten()) ? rows.save(change) : 'stale'),
  };
}

/** What filing needs. */
export interface FilingDependencies {
  readonly readModel: Pick<ReadModel<MetricRow, Measurement>, 'list' | 'save'>;
  readonly bookmarks: Bookmarks;
  readonly observer: Pick<Observer, 'warn'>;
}

/** Returns a function that tells whether every metric is filed. It asks the control table until this is so. */
export function filingState(bookmarks: Pick<Bookmarks, 'place'>): () => Promise<boolean> {
  let isDone = false;
  return async () => {
    isDone ||= (await bookmarks.place(bookmark)) === done;
    return isDone;
  };
}

/**
 * Files metrics that were saved before the lists had parts: saves each again as it is, so that it gets its entry. A run handles at
 * most 10,000 and ends when `hasTime`, which is called before every page, returns false; the next one continues. The first run
 * only notes when to begin, also without metrics: an instance of the version before may save one until then. A page that an
 * outage stops is tried again by the next run, and until the end is reached, queries read the whole lists. A metric whose row
 * is refused for another reason is skipped with a warning: its next event files it. Not so if a whole page is refused.
 */
export async function fileMetrics(
  dependencies: FilingDependencies,
  now: string,
  hasTime: () => boolean,
): Promise<void> {
  const { bookmarks, observer } = dependencies;
  try {
    const place = await bookmarks.place(bookmark);
    if (place === undefined) {
      const begin = new Date(Date.parse(now) + waitMs).toISOString();
      return await bookmarks.notePlace(bookmark, waitPrefix + begin);
    }
    if (place === done || (place.startsWith(waitPrefix) && place > waitPrefix + now)) return;
    const after = place.startsWith(afterPrefix) ? place.slice(afterPrefix.length) : undefined;
    await filePages(dependencies, after, hasTime);
  } catch (error) {
    observer.warn('Metrics could not be filed by status. The next run tries again.', { error });
  }
}

async function filePages(
  dependencies: FilingDependencies,
  start: string | undefined,
  hasTime: () => boolean,
): Promise<void> {
  const { readModel, bookmarks } = dependencies;
  let after = start;
  for (let rows = 0; rows < runMaxRows && hasTime(); rows += pageRows) {
    const page = await readModel.list('byName', { after, limit: pageRows });
    await fileRows(page.rows, dependencies);
    await bookmarks.notePlace(bookmark, page.next === undefined ? done : afterPrefix + page.next);
    if (page.next === undefined) return;
    after = page.next;
  }
}

async function fileRows(
  rows: readonly ListedRow<MetricRow>[],
  { readModel, observer }: FilingDependencies,
): Promise<void> {
  const skipped: string[] = [];
  let reason: unknown;
  await forEachConcurrently(rows, concurrency, async ({ rowId, version, row }) => {
    try {
      // A row that has changed meanwhile is not saved again: the change has filed it.
      await readModel.save({ id: rowId, expectedVersion: version, version, row, lines: [] });
    } catch (error) {
      if (isOutage(error)) throw error;
      skipped.push(rowId);
      reason = error;
    }
  });
  if (skipped.length === 0) return;
  // Every row of a whole page: the reason is not the rows.
  if (skipped.length === pageRows) throw reason;
  const message = 'Metrics could not be filed by status and are skipped. Their next event files them.';
  observer.warn(message, { count: skipped.length, metrics: skipped, error: reason });
}
