import { compareKeys, isWithin, type ListBounds, type ListedRow, type ReadModel } from '../kernel/index.ts';
import type { ReadEntries } from './filtered-page.ts';

/** Up to this many rows are sorted in memory for one page. */
export const sortedMaxRows = 1_000;
const pageRows = 100;

/** Reads the rows of a list within bounds, in the order of their keys. */
export function rowsIn<Row, List extends string>(
  readModel: Pick<ReadModel<Row, unknown, List>, 'list'>,
  list: List,
  bounds: ListBounds,
): ReadEntries<ListedRow<Row>> {
  return async (range) => {
    const { rows, next } = await readModel.list(list, { ...bounds, ...range });
    return { entries: rows, next };
  };
}

/**
 * All rows within bounds of one list, in the order of the keys that `keyOf` returns, for a page in another order. Undefined if
 * there are more than 1,000.
 */
export async function sortedRows<Row, List extends string>(
  readModel: Pick<ReadModel<Row, unknown, List>, 'list' | 'count'>,
  list: List,
  bounds: ListBounds,
  keyOf: (row: Row) => string,
): Promise<ReadEntries<ListedRow<Row>> | undefined> {
  if ((await readModel.count(list, bounds, sortedMaxRows + 1)) > sortedMaxRows) return undefined;
  const found: ListedRow<Row>[] = [];
  for (let after: string | undefined; ; ) {
    const { rows, next } = await readModel.list(list, { ...bounds, after, limit: pageRows });
    found.push(...rows);
    // A list that grows meanwhile is cut: a later page of the answer does not depend on it.
    if (next === undefined || found.length > sortedMaxRows) break;
    after = next;
  }
  const sorted = found
    .map((entry) => ({ ...entry, listKey: keyOf(entry.row) }))
    .toSorted((a, b) => compareKeys(a.listKey, b.listKey));
  return async ({ after, limit }) => {
    const later = sorted.filter(({ listKey }) => isWithin(listKey, { after }));
    const entries = later.slice(0, limit);
    return { entries, ...(later.length > limit && { next: entries.at(-1)?.listKey }) };
  };
}

/** Merges lists by their keys. An entry that several lists have, since an index follows later, is given once. */
export function mergedLists<Entry extends { readonly listKey: string }>(
  reads: readonly ReadEntries<Entry>[],
): ReadEntries<Entry> {
  return async (range) => {
    const pages = await Promise.all(reads.map((read) => read(range)));
    // A list that has more may have keys right after its page, so the merged page ends there.
    const [end] = pages.flatMap(({ next }) => next ?? []).toSorted(compareKeys);
    const entries = pages
      .flatMap((page) => page.entries)
      .filter(({ listKey }) => isWithin(listKey, { to: end }))
      .toSorted((a, b) => compareKeys(a.listKey, b.listKey));
    const all = entries.filter(({ listKey }, index) => listKey !== entries[index - 1]?.listKey);
    const page = all.slice(0, range.limit);
    return { entries: page, next: all.length > page.length ? page.at(-1)?.listKey : end };
  };
}
