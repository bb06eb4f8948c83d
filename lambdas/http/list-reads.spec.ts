import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ReadEntries } from './filtered-page.ts';
import { mergedLists, sortedMaxRows, sortedRows } from './list-reads.ts';

interface Entry {
  readonly listKey: string;
}

/** A list with these keys. Its pages may be short: `pageMax`. */
function listOf(keys: readonly string[], pageMax = 100): ReadEntries<Entry> {
  const sorted = keys.toSorted();
  return async ({ after = '', limit }) => {
    const later = sorted.filter((key) => key > after);
    const page = later.slice(0, Math.min(limit, pageMax));
    const next = page.length < later.length ? page.at(-1) : undefined;
    return { entries: page.map((listKey) => ({ listKey })), ...(next !== undefined && { next }) };
  };
}

async function readAll(read: ReadEntries<Entry>, limit: number): Promise<string[]> {
  const seen: string[] = [];
  for (let after: string | undefined; ; ) {
    const { entries, next } = await read({ after, limit });
    expect(entries.length).toBeLessThanOrEqual(limit);
    seen.push(...entries.map(({ listKey }) => listKey));
    if (next === undefined) return seen;
    expect(next > (after ?? '')).toBe(true);
    after = next;
  }
}

const key = fc.stringMatching(/^[a-c]{1,4}$/);

it('merged lists have every entry once, in order, with any lists and pages', async () => {
  const lists = fc.array(fc.tuple(fc.array(key, { maxLength: 12 }), fc.integer({ min: 1, max: 5 })), {
    minLength: 1,
    maxLength: 3,
  });
  await fc.assert(
    fc.asyncProperty(lists, fc.integer({ min: 1, max: 9 }), async (made, limit) => {
      const merged = mergedLists(made.map(([keys, pageMax]) => listOf([...new Set(keys)], pageMax)));
      expect(await readAll(merged, limit)).toEqual([...new Set(made.flatMap(([keys]) => keys))].sort());
    }),
  );
});

describe('sorted rows', () => {
  /** A read model whose list has this many rows, numbered downwards. */
  const readModelOf = (count: number) => {
    const rows = Array.from({ length: count }, (_, index) => ({
      version: 1,
      rowId: String(index),
      row: { name: String(count - index).padStart(5, '0') },
      listKey: String(index).padStart(5, '0'),
    }));
    return {
      count: async (_list: 'l', _bounds: object, max: number) => Math.min(count, max),
      list: async (_list: 'l', { after = '', limit }: { after?: string | undefined; limit: number }) => {
        const page = rows.filter(({ listKey }) => listKey > after).slice(0, limit);
        const next = page.length === limit ? page.at(-1)?.listKey : undefined;
        return { rows: page, ...(next !== undefined && { next }) };
      },
    };
  };
  const nameOf = ({ name }: { name: string }) => name;

  it.each([0, 1, 99, 100, 101, sortedMaxRows])('are all rows in the other order: %d', async (count) => {
    const read = await sortedRows(readModelOf(count), 'l', {}, nameOf);
    if (read === undefined) throw new Error('The rows are not sorted.');
    const expected = Array.from({ length: count }, (_, index) => String(index + 1).padStart(5, '0'));
    for (const limit of [7, 50, 100]) expect(await readAll(read, limit)).toEqual(expected);
  });

  it('are none if there are too many', async () => {
    expect(await sortedRows(readModelOf(sortedMaxRows + 1), 'l', {}, nameOf)).toBeUndefined();
  });
});
