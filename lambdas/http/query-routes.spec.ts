import { expect, it } from '@jest/globals';
import type { LineRange } from '../kernel/index.ts';
import { nextKey, readLines } from './query-routes.ts';
import type { QueryResource } from './resource.ts';

interface Row {
  readonly id: string;
}

const resource = {
  category: 'parcel',
  path: '/parcels',
  noun: 'parcel',
  projection: { name: 'parcel', category: 'parcel', events: {}, project: () => ({ row: { id: 'a' } }) },
} as unknown as QueryResource<Row, string>;

/** A read model with one row. It records the requested ranges of lines. */
function sideOf() {
  const ranges: LineRange[] = [];
  const readModel = {
    find: async () => ({ version: 1, row: { id: 'a' } }),
    generation: async () => 'g1',
    lines: async (_id: string, range: LineRange) => {
      ranges.push(range);
      return { lines: [{ key: '1', line: 'sent' }], hasMore: true };
    },
  };
  const log = { read: async function* () {} };
  return { ranges, side: { readModel, log } as unknown as Parameters<typeof readLines<Row, string>>[1] };
}

it.each([
  [{}, false],
  [{ 'cache-control': 'no-cache' }, true],
])('lines are read strongly consistent only with no-cache: %j', async (headers, consistent) => {
  const { ranges, side } = sideOf();
  const { row, read } = await readLines(resource, side, 'a', headers);
  expect(row).toEqual({ id: 'a' });
  const page = await read({ order: 'ascending', limit: 1 });
  expect(page.lines.map(({ line }) => line)).toEqual(['sent']);
  expect(nextKey(page)).toBe('1');
  expect(ranges).toMatchObject([{ order: 'ascending', limit: 1, consistent }]);
});
