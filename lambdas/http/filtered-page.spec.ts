import { describe, expect, it } from '@jest/globals';
import { filteredPage } from './filtered-page.ts';

/** A list of these numbers, each under its own key; counts the reads. */
function listOf(values: readonly number[]) {
  const entries = values.map((value) => ({ value, listKey: String(value).padStart(5, '0') }));
  const reads: number[] = [];
  const read = async ({ after = '', limit }: { after: string | undefined; limit: number }) => {
    reads.push(limit);
    const behind = entries.filter(({ listKey }) => listKey > after);
    const page = behind.slice(0, limit);
    return { entries: page, ...(behind.length > limit && { next: page.at(-1)?.listKey }) };
  };
  return { read, reads };
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);
const everyTenth = ({ value }: { value: number }) => value % 10 === 0;

async function all(count: number, limit: number, matches: (entry: { value: number }) => boolean) {
  const { read } = listOf(upTo(count));
  const pages: number[][] = [];
  let after: string | undefined;
  do {
    const page = await filteredPage(read, matches, { after, limit });
    pages.push(page.entries.map(({ value }) => value));
    after = page.next;
  } while (after !== undefined);
  return pages;
}

describe('a filtered page', () => {
  it.each([1, 3, 7, 30])(
    'of %d entries: all pages together have every match once, in order',
    async (limit) => {
      const pages = await all(300, limit, everyTenth);
      expect(pages.flat()).toEqual(upTo(30).map((index) => index * 10));
      expect(pages.every((page) => page.length <= limit)).toBe(true);
    },
  );

  it('reads only the entries that it returns if all of them match', async () => {
    const { read, reads } = listOf(upTo(300));
    const { entries, next } = await filteredPage(read, () => true, { after: undefined, limit: 20 });
    expect([entries.length, next]).toEqual([20, '00019']);
    expect(reads).toEqual([20]);
  });

  it('has no next page at the end of the list', async () => {
    const { read } = listOf(upTo(20));
    expect(await filteredPage(read, () => true, { after: undefined, limit: 20 })).not.toHaveProperty('next');
    expect(await filteredPage(read, everyTenth, { after: '00010', limit: 20 })).toEqual({ entries: [] });
  });

  it('ends after 1,000 entries, and the next page continues after them', async () => {
    const { read, reads } = listOf(upTo(3_000));
    const isLast = ({ value }: { value: number }) => value === 2_999;
    const first = await filteredPage(read, isLast, { after: undefined, limit: 50 });
    expect(first).toEqual({ entries: [], next: '01049' });
    expect(reads.reduce((sum, entries) => sum + entries, 0)).toBe(1_050);
    expect((await all(3_000, 50, isLast)).flat()).toEqual([2_999]);
  });
});
