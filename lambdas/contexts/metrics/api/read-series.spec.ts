import { describe, expect, it } from '@jest/globals';
import type { KeyedLine, LineRange } from '../../../kernel/index.ts';
import type { Measurement } from '../domain/metric.ts';
import { measurementKey } from '../read-model/projection.ts';
import { readSeries, roundSpans, wholeMaxValues } from './read-series.ts';

const start = Date.UTC(2026, 0, 1);

/** A series whose value number `index` is measured at `msOf(index)`, which never falls. It counts reads, and stores nothing. */
function seriesOf(count: number, msOf: (index: number) => number, pageMaxValues = 5_000) {
  const reads = { count: 0, values: 0 };
  const lineOf = (index: number): KeyedLine<Measurement> => {
    const at = new Date(start + msOf(index)).toISOString();
    return { key: measurementKey(at, index + 1), line: { value: index, at } };
  };
  /** Number of values whose key is less, or also those whose key is equal. */
  const countBefore = (key: string, orEqual: boolean) => {
    let [low, high] = [0, count];
    while (low < high) {
      const middle = (low + high) >> 1;
      const own = lineOf(middle).key;
      if (own < key || (orEqual && own === key)) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const read = async ({ from = '', to, after, order, limit }: LineRange) => {
    const first = after === undefined ? countBefore(from, false) : countBefore(after, true);
    const end = to === undefined ? count : countBefore(to, true);
    const length = Math.max(0, Math.min(limit, pageMaxValues, end - first));
    reads.count += 1;
    reads.values += length;
    const indexes = Array.from({ length }, (_, index) =>
      order === 'ascending' ? first + index : end - 1 - index,
    );
    return { lines: indexes.map(lineOf), hasMore: length < end - first };
  };
  return { read, reads };
}

const valuesOf = ({ lines }: { lines: readonly KeyedLine<Measurement>[] }) =>
  lines.map(({ line }) => line.value);
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);
const second = 1_000;
const readsMax = wholeMaxValues / 5_000 + 1 + roundSpans.reduce((sum: number, spans) => sum + spans, 0);

describe('a series for a plot', () => {
  it.each([0, 1, 5_000, 5_001, wholeMaxValues])('of %d values is read whole', async (count) => {
    const { read, reads } = seriesOf(count, (index) => index * second);
    const series = await readSeries(read, {});
    expect(series.isSampled).toBe(false);
    expect(valuesOf(series)).toEqual(upTo(count));
    expect(reads.count).toBe(Math.max(1, Math.ceil(count / 5_000)));
  });

  it('is read whole also if the pages of the database are shorter', async () => {
    const { read } = seriesOf(9_000, (index) => index * second, 700);
    expect(valuesOf(await readSeries(read, {}))).toEqual(upTo(9_000));
  });

  it.each<[string, number, (index: number) => number]>([
    ['one more than are read whole', wholeMaxValues + 1, (index) => index * second],
    ['two million, evenly', 2_000_000, (index) => index * second],
    ['twenty million, evenly', 20_000_000, (index) => index * 17],
    ['one early, then a burst', 2_000_000, (index) => (index === 0 ? 0 : 1e11 + index)],
    ['bursts', 2_000_000, (index) => Math.floor(index / 100_000) * 1e9 + (index % 100_000)],
    ['many in each millisecond', 2_000_000, (index) => Math.floor(index / 1_000)],
    ['all in one millisecond', 2_000_000, () => 0],
    ['all in two milliseconds', 2_000_000, (index) => (index < 1_999_999 ? 0 : 1)],
  ])('with %s is sampled by a bounded number of reads', async (_what, count, msOf) => {
    const { read, reads } = seriesOf(count, msOf);
    const series = await readSeries(read, {});
    const values = valuesOf(series);
    expect(series.isSampled).toBe(true);
    expect(reads.count).toBeLessThanOrEqual(readsMax);
    expect(reads.values).toBeLessThan(90_000);
    expect([values[0], values.at(-1)]).toEqual([0, count - 1]);
    expect(values.every((value, index) => index === 0 || value > (values[index - 1] ?? 0))).toBe(true);
  });

  it('has samples from all of the time, evenly', async () => {
    const { read } = seriesOf(2_000_000, (index) => index * second);
    const tenths = Map.groupBy(valuesOf(await readSeries(read, {})), (value) => Math.floor(value / 200_000));
    expect(tenths.size).toBe(10);
    for (const values of tenths.values()) expect(values.length).toBeGreaterThan(1_500);
  });

  it('divides the time of a burst again', async () => {
    const { read } = seriesOf(2_000_000, (index) => (index === 0 ? 0 : 1e9 + index));
    expect(valuesOf(await readSeries(read, {})).length).toBeGreaterThan(5_000);
  });

  it('stays within its bounds', async () => {
    const { read } = seriesOf(2_000_000, (index) => index * second);
    const from = new Date(start + 500_000 * second).toISOString();
    const to = `${new Date(start + 1_500_000 * second).toISOString()}\u{10ffff}`;
    const values = valuesOf(await readSeries(read, { from, to }));
    expect([values[0], values.at(-1)]).toEqual([500_000, 1_500_000]);
  });
});
