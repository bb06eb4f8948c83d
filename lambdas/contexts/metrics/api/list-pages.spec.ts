import { beforeEach, describe, expect, it } from '@jest/globals';
import { at } from '../domain/metrics.fixture.ts';
import { type MetricsUnderTest, metricsUnderTest } from '../metrics-under-test.fixture.ts';
import { metricLists } from '../read-model/metric-lists.fixture.ts';
import type { MetricRow } from '../read-model/projection.ts';

let api: MetricsUnderTest;
beforeEach(() => {
  api = metricsUnderTest();
});

const { make, list } = metricLists(() => api);

describe('pages', () => {
  /** The ids on all pages; `between` runs after each of them. */
  const readAll = async (query: string, between: (page: number) => Promise<void> = async () => undefined) => {
    const seen: string[] = [];
    let pages = 0;
    for await (const items of api.pages('/metrics', query)) {
      seen.push(...items.map(({ id }) => id));
      pages += 1;
      await between(pages);
    }
    return seen;
  };

  const ids = Array.from({ length: 40 }, (_, index) => `m${String(index).padStart(2, '0')}`);
  let written: number;
  beforeEach(async () => {
    written = 0;
    for (const [index, id] of ids.entries()) {
      await make(id, { name: `Metric ${id}`, ...(index % 2 === 0 && { due: 1_000 + index }) });
    }
  });

  /** Creates metrics in every part of the list, and changes one on an earlier or a later page. */
  const write = async (page: number) => {
    // The writes must end. Otherwise the pages never end.
    if (page > 20) return;
    api.clock.now = at(page);
    for (const name of ['A', 'Metric m', 'Z']) {
      written += 1;
      await make(`new-${written}`, { name: `${name}${page}`, due: 990 + page * 7 });
    }
    const changed = ids[(page * 11) % ids.length] ?? '';
    await api.send(changed, { type: 'RecordValues', values: [{ value: page }], now: api.clock.now });
    await api.project(changed);
  };

  it.each([1, 3, 7, 39, 40, 41])('of %d list every metric once while others are written', async (limit) => {
    const expected = {
      name: ids,
      deadline: [...ids.filter((_, index) => index % 2 === 0), ...ids.filter((_, index) => index % 2 === 1)],
    };
    for (const sort of ['name', 'deadline'] as const) {
      const seen = await readAll(`limit=${limit}&sort=${sort}`, write);
      expect(seen.filter((id) => ids.includes(id))).toEqual(expected[sort]);
      expect(new Set(seen).size).toBe(seen.length);
    }
  });

  it('by deadline list every metric once while the deadlines of others move', async () => {
    const moving = new Set(ids.filter((_, index) => index % 10 === 0));
    const seen = await readAll('limit=3&sort=deadline&status=active', async (page) => {
      await write(page);
      if (page > 20) return;
      for (const id of moving) {
        await api.send(id, {
          type: 'SetTarget',
          value: 1e9,
          deadline: at(900 + page * 31),
          now: api.clock.now,
        });
        await api.project(id);
      }
    });
    const still = ids.filter((id, index) => index % 2 === 0 && !moving.has(id));
    expect(seen.filter((id) => still.includes(id))).toEqual(still);
  });

  it('of a filtered list have every match once, and end', async () => {
    const odd = ids.filter((_, index) => index % 2 === 1);
    for (const limit of [1, 3, 10, 20, 21]) {
      expect(await readAll(`limit=${limit}&status=untargeted`)).toEqual(odd);
      expect(await readAll(`limit=${limit}&status=archived`)).toEqual([]);
      expect(await readAll(`limit=${limit}&name=metric+m1`)).toEqual(ids.slice(10, 20));
    }
  });

  it('have 50 metrics by default, and 100 at most', async () => {
    for (let index = 0; index < 70; index += 1) await make(`x${index}`);
    expect((await list()).items).toHaveLength(50);
    expect((await list('limit=100')).items).toHaveLength(100);
  });

  it('of a rare status may be empty before all metrics are filed, and continue after what was read', async () => {
    await api.bookmarks.notePlace('metrics-filing', 'after m');
    const bare = { updatedAt: at(0), metric: { status: 'live', createdAt: at(0) } } as const;
    for (let index = 0; index < 1_100; index += 1) {
      const row: MetricRow = { id: `n${index}`, name: `n${String(index).padStart(4, '0')}`, ...bare };
      await api.readModel.save({ id: row.id, expectedVersion: 0, version: 1, row, lines: [] });
    }
    await make('rare', { name: 'z' });
    await api.send('rare', { type: 'Archive', now: at(0) });
    await api.project('rare');
    const first = await list('status=archived&limit=5');
    expect(first).toEqual({ items: [], next: expect.any(String) });
    const second = await list(`status=archived&limit=5&cursor=${first.next}`);
    expect(second.items.map(({ id }) => id)).toEqual(['rare']);
    expect(second.next).toBeUndefined();
  });
});
