import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { problemLike } from '../../context-under-test.fixture.ts';
import type { Measurement } from '../domain/metric.ts';
import { at } from '../domain/metrics.fixture.ts';
import { type MetricsUnderTest, metricsUnderTest } from '../metrics-under-test.fixture.ts';
import { measurementKey } from '../read-model/projection.ts';

interface Page {
  readonly items: readonly Measurement[];
  readonly next?: string;
}

let api: MetricsUnderTest;
beforeEach(async () => {
  api = metricsUnderTest();
  await api.send('m', { type: 'Create', name: 'm', now: at(0) });
  await api.project('m');
});

/** Records and projects values at these seconds. By default each value is its index in the list. */
async function record(seconds: readonly number[], worth = (index: number) => index): Promise<void> {
  const values = seconds.map((second, index) => ({ value: worth(index), at: at(second) }));
  for (let start = 0; start < values.length; start += 1_000)
    await api.send('m', { type: 'RecordValues', values: values.slice(start, start + 1_000), now: at(1e6) });
  await api.project('m');
}

const history = async (query = ''): Promise<Page> => {
  const { status, body } = await api.get('/metrics/m/history', query);
  expect(status).toBe(200);
  return body as unknown as Page;
};
const values = async (query = '') => (await history(query)).items.map(({ value }) => value);

/** All pages of the history; `between` runs after each of them. */
const readAll = async (query: string, between: () => Promise<void> = async () => undefined) => {
  const pages: Measurement[][] = [];
  for await (const page of api.pages<Measurement>('/metrics/m/history', query)) {
    pages.push(page);
    await between();
  }
  return pages;
};

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('the history of a metric', () => {
  it('shows own values immediately with no-cache', async () => {
    await record([1, 3]);
    await api.send('m', { type: 'RecordValues', values: [{ value: 9, at: at(2) }], now: at(10) });
    const answer = async (headers: Record<string, string>) => {
      const { body } = await api.get('/metrics/m/history', '', headers);
      return (body as unknown as Page).items.map(({ value }) => value);
    };
    expect(await answer({})).toEqual([0, 1]);
    expect(await answer({ 'cache-control': 'no-cache' })).toEqual([0, 9, 1]);
  });

  it('is in the order of measurement, then in the order of recording', async () => {
    await record([5]);
    await record([9, 2, 5], (index) => 10 + index);
    expect((await history()).items).toEqual([
      { value: 11, at: at(2) },
      { value: 0, at: at(5) },
      { value: 12, at: at(5) },
      { value: 10, at: at(9) },
    ]);
  });

  it('is empty for a metric without values, and 404 for an unknown metric', async () => {
    expect(await history()).toEqual({ items: [] });
    expect(await history('points=10')).toEqual({ items: [] });
    for (const query of ['', 'points=10']) {
      expect(await api.get('/metrics/nobody/history', query)).toMatchObject(
        problemLike(404, 'metrics/not-found'),
      );
    }
  });

  it('stays readable when the metric is archived', async () => {
    await record([1, 2]);
    await api.send('m', { type: 'Archive', now: at(1e6) });
    await api.project('m');
    expect(await values()).toEqual([0, 1]);
  });

  it('includes both bounds, in any time zone', async () => {
    await record([0, 1, 2, 3, 4, 4, 5]);
    expect(await values(`from=${at(1)}&to=${at(4)}`)).toEqual([1, 2, 3, 4, 5]);
    expect(await values(`from=${at(1, 1)}&to=${at(3, 999)}`)).toEqual([2, 3]);
    expect(await values(`from=${at(4)}`)).toEqual([4, 5, 6]);
    expect(await values(`to=${at(0)}`)).toEqual([0]);
    expect(await values(`from=${at(2)}&to=${at(2)}`)).toEqual([2]);
    expect(await values('from=2026-01-01T01:00:05%2B01:00')).toEqual([6]);
    expect(await values(`from=${at(6)}`)).toEqual([]);
  });

  it('has pages of 100 by default', async () => {
    await record(upTo(250));
    const pages = await readAll('');
    expect(pages.map(({ length }) => length)).toEqual([100, 100, 50]);
    expect(pages.flat().map(({ value }) => value)).toEqual(upTo(250));
  });

  it.each([1, 7, 24, 25, 26, 1_000])('has pages of %d within bounds, with each value once', async (limit) => {
    await record(upTo(30));
    const pages = await readAll(`limit=${limit}&from=${at(3)}&to=${at(27)}`);
    expect(pages.flat().map(({ value }) => value)).toEqual(upTo(30).slice(3, 28));
    expect(pages.length).toBe(Math.ceil(25 / limit));
  });

  it('returns each value once while other values are recorded, before and after', async () => {
    await record(upTo(40).map((index) => 100 + index));
    let more = 0;
    const pages = await readAll('limit=9', async () => {
      more += 1;
      await record([50 + more, 100 + 7 * more, 500 + more], () => -1);
    });
    const seen = pages.flat().map(({ value }) => value);
    expect(seen.filter((value) => value >= 0)).toEqual(upTo(40));
  });

  it('returns 5,000 values in order', async () => {
    const seconds = upTo(5_000);
    await record(seconds);
    const pages = await readAll('limit=1000');
    expect(pages).toHaveLength(5);
    expect(pages.flat().map(({ at: measuredAt }) => measuredAt)).toEqual(seconds.map((second) => at(second)));
  });

  it.each([
    `from=${at(5)}&to=${at(4)}`,
    `from=${at(5)}&to=${at(4)}&points=10`,
    'from=2026-01-01T00:00:00',
    'to=now',
    'limit=0',
    'limit=1001',
    'limit=-1',
    'points=9',
    'points=2001',
    'points=all',
    'colour=red',
  ])('refuses %s', async (query) => {
    expect(await api.get('/metrics/m/history', query)).toMatchObject({
      status: 400,
      headers: { 'content-type': 'application/problem+json' },
      body: { type: 'urn:streamfold:problem:invalid-query' },
    });
  });

  it('refuses an invented cursor and a cursor of other bounds or another metric', async () => {
    await record(upTo(9));
    await api.send('other', { type: 'Create', name: 'o', now: at(0) });
    await api.project('other');
    const { next = '' } = await history(`limit=2&from=${at(1)}`);
    expect(next).not.toBe('');
    for (const [path, query] of [
      ['m', `cursor=abc&from=${at(1)}`],
      ['m', `cursor=${next.slice(0, -1)}&from=${at(1)}`],
      ['m', `cursor=${next}`],
      ['m', `cursor=${next}&from=${at(0)}`],
      ['m', `cursor=${next}&from=${at(1)}&to=${at(8)}`],
      ['other', `cursor=${next}&from=${at(1)}`],
    ] as const) {
      expect(await api.get(`/metrics/${path}/history`, query)).toMatchObject(
        problemLike(400, 'invalid-cursor'),
      );
    }
    expect(await api.get('/metrics/m/history', `cursor=${next}&from=${at(1)}&points=10`)).toMatchObject(
      problemLike(400, 'invalid-query'),
    );
    expect(await values(`cursor=${next}&from=${at(1)}&limit=3`)).toEqual([3, 4, 5]);
  });
});

describe('a history thinned to points', () => {
  it('has the first, the last and the extreme values, in order, in exactly the requested number', async () => {
    await record(upTo(5_000), (index) => (index === 2_345 ? 1_000 : Math.sin(index / 500)));
    const { items, next } = await history('points=200');
    expect(items).toHaveLength(200);
    expect(next).toBeUndefined();
    expect([items[0]?.at, items.at(-1)?.at]).toEqual([at(0), at(4_999)]);
    expect(items).toContainEqual({ value: 1_000, at: at(2_345) });
    const instants = items.map(({ at: measuredAt }) => measuredAt);
    expect(instants).toEqual([...new Set(instants)].sort());
  });

  it('is complete if there are at most as many values as points', async () => {
    await record(upTo(12));
    expect(await values('points=12')).toEqual(upTo(12));
    expect(await values('points=13')).toEqual(upTo(12));
    expect(await values('points=11')).toHaveLength(11);
  });

  it('respects its bounds', async () => {
    await record(upTo(300));
    const thinned = await values(`points=10&from=${at(50)}&to=${at(249)}`);
    expect([thinned.length, thinned[0], thinned.at(-1)]).toEqual([10, 50, 249]);
  });

  it.each([
    ['the largest numbers', (index: number) => (index % 3 === 0 ? -1 : 1) * Number.MAX_VALUE],
    ['one largest number', () => Number.MAX_VALUE],
    ['a step between the largest', (index: number) => (index < 50 ? -1 : 1) * Number.MAX_VALUE],
    ['the smallest numbers', (index: number) => (index % 2) * Number.MIN_VALUE],
    ['zero', () => 0],
  ])('accepts %s', async (_what, worth) => {
    await record(upTo(100), worth);
    expect(await values('points=10')).toHaveLength(10);
  });

  /** A series of this many values, of which each read returns a page. Nothing is stored. */
  const pretend = (count: number) => {
    const line = (index: number) => ({
      key: measurementKey(at(index), index + 1),
      line: { value: index, at: at(index) },
    });
    const indexOf = (key: string) => Math.ceil((Date.parse(key.slice(0, 24)) - Date.parse(at(0))) / 1_000);
    api.readModel.lines = async (_id, { from = at(0), to = at(count - 1), after, order, limit }) => {
      const first = after === undefined ? indexOf(from) : indexOf(after) + 1;
      const end = Math.min(count, Math.floor((Date.parse(to.slice(0, 24)) - Date.parse(at(0))) / 1_000) + 1);
      const length = Math.max(0, Math.min(limit, end - first));
      const indexes = Array.from({ length }, (_, index) =>
        order === 'ascending' ? first + index : end - 1 - index,
      );
      return { lines: indexes.map(line), hasMore: length < end - first };
    };
  };

  it('says that it is of samples if the range has more than 50,000 values', async () => {
    pretend(50_000);
    const whole = await history('points=10');
    expect(whole).not.toHaveProperty('sampled');
    expect([whole.items.length, whole.items[0]?.value, whole.items.at(-1)?.value]).toEqual([10, 0, 49_999]);
    pretend(2_000_000);
    const sampled = await history('points=500');
    expect(sampled).toHaveProperty('sampled', true);
    expect(sampled.items).toHaveLength(500);
    expect([sampled.items[0]?.value, sampled.items.at(-1)?.value]).toEqual([0, 1_999_999]);
  });

  it('includes own late values and values at equal instants immediately with no-cache, each once', async () => {
    await record([1, 3, 3]);
    await api.send('m', {
      type: 'RecordValues',
      values: [
        { value: 7, at: at(3) },
        { value: 8, at: at(2) },
        { value: 9, at: at(0) },
      ],
      now: at(10),
    });
    const { body } = await api.get('/metrics/m/history', `points=10&from=${at(1)}`, {
      'cache-control': 'no-cache',
    });
    expect((body as unknown as Page).items.map(({ value }) => value)).toEqual([0, 8, 1, 2, 7]);
  });

  it('has the right count, ends and order for any numbers of values and points', async () => {
    await record(upTo(400), (index) => index % 5);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 399 }),
        fc.integer({ min: 10, max: 400 }),
        async (last, points) => {
          const { items } = await history(`points=${points}&to=${at(last)}`);
          expect(items).toHaveLength(Math.min(points, last + 1));
          expect([items[0]?.at, items.at(-1)?.at]).toEqual([at(0), at(last)]);
          expect(new Set(items.map(({ at: measuredAt }) => measuredAt)).size).toBe(items.length);
        },
      ),
      // For these numbers, the library omits the last value.
      {
        examples: [
          [200, 200],
          [16, 13],
          [31, 13],
        ],
        numRuns: 60,
      },
    );
  });
});
