import { beforeEach, describe, expect, it } from '@jest/globals';
import { at } from '../domain/metrics.fixture.ts';
import { metricStatuses } from '../domain/status.ts';
import { type MetricsUnderTest, metricsUnderTest } from '../metrics-under-test.fixture.ts';
import type { MetricRow } from '../read-model/projection.ts';

let api: MetricsUnderTest;
let rowsRead: number;
beforeEach(() => {
  api = metricsUnderTest();
  rowsRead = 0;
  const list = api.readModel.list.bind(api.readModel);
  api.readModel.list = async (...args) => {
    const page = await list(...args);
    rowsRead += page.rows.length;
    return page;
  };
});

type Kind = 'untargeted' | 'pending' | 'reached' | 'expired' | 'archived';

/** Saves a metric. Its deadline is `due` seconds from the start. */
async function put(id: string, kind: Kind, due = 1_000): Promise<void> {
  const target = { value: 1, deadline: at(due), setAt: at(0) };
  const outcome = kind === 'reached' || kind === 'expired' ? kind : 'pending';
  const row: MetricRow = {
    id,
    name: id,
    updatedAt: at(0),
    metric: {
      status: kind === 'archived' ? 'archived' : 'live',
      createdAt: at(0),
      ...(kind !== 'untargeted' && { target: { ...target, outcome } }),
    },
  };
  await api.readModel.save({ id, expectedVersion: 0, version: 1, row, lines: [] });
}

const many = async (count: number, kind: Kind, due?: number) => {
  for (let index = 0; index < count; index += 1) await put(`m${String(index).padStart(5, '0')}`, kind, due);
};

/** The ids on all pages, and the largest number of rows that one of them read. */
async function readAll(query: string) {
  const ids: string[] = [];
  let [pages, most] = [0, 0];
  rowsRead = 0;
  for await (const items of api.pages('/metrics', query)) {
    ids.push(...items.map(({ id }) => id));
    pages += 1;
    most = Math.max(most, rowsRead);
    rowsRead = 0;
  }
  return { ids, pages, most };
}

const sorts = ['name', 'deadline'] as const;

describe('a rare status among many metrics', () => {
  it.each<[string, Kind, Kind, number | undefined]>([
    ['archived', 'pending', 'archived', undefined],
    ['successful', 'pending', 'reached', undefined],
    ['untargeted', 'pending', 'untargeted', undefined],
    ['expired', 'pending', 'expired', undefined],
    ['expired', 'pending', 'pending', -1],
    ['expired', 'archived', 'pending', -1],
    ['active', 'untargeted', 'pending', undefined],
    ['active', 'reached', 'pending', undefined],
  ])('%s is on one page, and only matches are read', async (status, others, rare, due) => {
    await many(3_000, others);
    await put('rare', rare, due);
    for (const sort of sorts) {
      expect(await readAll(`status=${status}&sort=${sort}`)).toEqual({ ids: ['rare'], pages: 1, most: 1 });
    }
  });

  it('is found also if a sweep has not recorded many expiries', async () => {
    await many(900, 'pending', -1);
    await put('rare', 'pending');
    expect(await readAll('status=active')).toEqual({ ids: ['rare'], pages: 1, most: 1 });
    expect(await readAll('status=active&sort=deadline')).toEqual({ ids: ['rare'], pages: 1, most: 1 });
  });

  it.each<[string, Kind, number | undefined]>([
    ['archived', 'archived', undefined],
    ['active', 'pending', undefined],
    ['expired', 'pending', -1],
  ])('%s has pages that read only what they show', async (status, kind, due) => {
    await many(150, kind, due);
    for (const sort of sorts) {
      expect(await readAll(`status=${status}&sort=${sort}&limit=100`)).toMatchObject({ pages: 2, most: 100 });
    }
  });
});

describe('filters of the other order', () => {
  it('read only matches if there are few', async () => {
    await many(3_000, 'pending');
    await put('a-late', 'pending', 10);
    await put('z-late', 'reached', 20);
    expect(await readAll(`deadlineBefore=${at(500)}`)).toEqual({
      ids: ['a-late', 'z-late'],
      pages: 1,
      most: 2,
    });
    expect(await readAll('name=z-&sort=deadline')).toEqual({ ids: ['z-late'], pages: 1, most: 1 });
    expect(await readAll(`deadlineBefore=${at(500)}&status=successful`)).toEqual({
      ids: ['z-late'],
      pages: 1,
      most: 1,
    });
  });

  it('skip metrics if there are many, with a bounded number of reads for a page', async () => {
    await many(2_500, 'pending', 10);
    await put('z', 'pending');
    api.clock.now = at(20);
    const { ids, pages, most } = await readAll('status=active&deadlineBefore=2100-01-01T00:00:00Z');
    expect([ids, pages]).toEqual([['z'], 1]);
    expect(most).toBe(1);
    const skipping = await readAll(`deadlineBefore=${at(11)}&limit=50`);
    expect(skipping.ids).toHaveLength(2_500);
    expect(skipping.most).toBeLessThan(3_000);
    await put('zz', 'untargeted');
    const wide = await readAll('name=zz&sort=deadline&deadlineBefore=2100-01-01T00:00:00Z');
    expect(wide.ids).toEqual([]);
  });
});

it('parts and whole lists give the same answers for all filters, at any time', async () => {
  const kinds: readonly Kind[] = ['untargeted', 'pending', 'reached', 'expired', 'archived'];
  for (let index = 0; index < 120; index += 1) {
    const kind = kinds[(index * 7) % 5] ?? 'pending';
    await put(`${'ab'[index % 2]}${String((index * 37) % 120).padStart(3, '0')}`, kind, (index * 13) % 60);
  }
  const unfiled = metricsUnderTest(api.readModel);
  await unfiled.bookmarks.notePlace('metrics-filing', 'after z');
  const idsOf = async (from: MetricsUnderTest, query: string) =>
    (await Array.fromAsync(from.pages('/metrics', query))).flat().map(({ id }) => id);
  for (const now of [at(-1), at(0), at(30), at(30, 1), at(99)]) {
    for (const status of metricStatuses) {
      for (const rest of ['', '&name=a', `&deadlineBefore=${at(31)}`, `&name=b0&deadlineBefore=${at(20)}`]) {
        for (const sort of sorts) {
          api.clock.now = now;
          unfiled.clock.now = now;
          const query = `status=${status}&sort=${sort}${rest}&limit=7`;
          expect({ now, query, ids: await idsOf(api, query) }).toEqual({
            now,
            query,
            ids: await idsOf(unfiled, query),
          });
        }
      }
    }
  }
});
