import {
  type Bookmarks,
  forEachConcurrently,
  type ListedRow,
  type Observer,
  type ReadModel,
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
 * only notes when to begin, unless there are no metrics. A page that fails is tried again by the next run, and until the end
 * is reached, queries read the whole lists.
 */
export async function fileMetrics(
  dependencies: FilingDependencies,
  now: string,
  hasTime: () => boolean,
): Promise<void> {
  const { bookmarks, observer } = dependencies;
  try {
    const place = await bookmarks.place(bookmark);
    if (place === undefined) return await bookmarks.notePlace(bookmark, await firstPlace(dependencies, now));
    if (place === done || (place.startsWith(waitPrefix) && place > waitPrefix + now)) return;
    const after = place.startsWith(afterPrefix) ? place.slice(afterPrefix.length) : undefined;
    await filePages(dependencies, after, hasTime);
  } catch (error) {
    observer.warn('Metrics could not be filed by status. The next run tries again.', { error });
  }
}

async function firstPlace({ readModel }: FilingDependencies, now: string): Promise<string> {
  const { rows, next } = await readModel.list('byName', { limit: 1 });
  if (rows.length === 0 && next === undefined) return done;
  return waitPrefix + new Date(Date.parse(now) + waitMs).toISOString();
}

async function filePages(
  { readModel, bookmarks }: FilingDependencies,
  start: string | undefined,
  hasTime: () => boolean,
): Promise<void> {
  let after = start;
  // A row that has changed meanwhile is not saved again: the change has filed it.
  const file = ({ rowId, version, row }: ListedRow<MetricRow>) =>
    readModel.save({ id: rowId, expectedVersion: version, version, row, lines: [] });
  for (let rows = 0; rows < runMaxRows && hasTime(); rows += pageRows) {
    const page = await readModel.list('byName', { after, limit: pageRows });
    await forEachConcurrently(page.rows, concurrency, file);
    await bookmarks.notePlace(bookmark, page.next === undefined ? done : afterPrefix + page.next);
    if (page.next === undefined) return;
    after = page.next;
  }
}
