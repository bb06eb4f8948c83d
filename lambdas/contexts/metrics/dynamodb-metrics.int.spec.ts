import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { silentObserver } from '../../kernel/index.ts';
import { MemoryBookmarks } from '../../kernel/memory/index.ts';
import { dynamodbReadModels } from '../dynamodb-read-models.fixture.ts';
import { sweepDueTargets } from './automations/sweep.ts';
import type { Measurement } from './domain/metric.ts';
import { at } from './domain/metrics.fixture.ts';
import { type MetricsUnderTest, metricsUnderTest } from './metrics-under-test.fixture.ts';
import { fileMetrics, filingState } from './read-model/filing.ts';
import { metricLists } from './read-model/metric-lists.fixture.ts';
import { metricsProjection } from './read-model/projection.ts';

const readModelOf = dynamodbReadModels();

let api: MetricsUnderTest;
beforeEach(() => {
  api = metricsUnderTest(readModelOf(metricsProjection));
});

const { make } = metricLists(() => api);
const idsOf = async (query: string) =>
  (await Array.fromAsync(api.pages('/metrics', query))).flat().map(({ id }) => id);

describe('metrics on DynamoDB', () => {
  it('are listed by name and by deadline over all index partitions, filtered and in pages', async () => {
    const ids = Array.from({ length: 24 }, (_, index) => `m${String(index).padStart(2, '0')}`);
    for (const [index, id] of ids.entries())
      await make(id, { name: `Metric ${index % 3} ${id}`, ...(index % 2 === 0 && { due: 500 - index }) });
    const byName = [0, 1, 2].flatMap((rest) => ids.filter((_, index) => index % 3 === rest));
    const targeted = ids.filter((_, index) => index % 2 === 0);
    for (const limit of [1, 5, 24]) {
      expect(await idsOf(`limit=${limit}`)).toEqual(byName);
      expect((await idsOf(`limit=${limit}&sort=deadline`)).slice(0, 12)).toEqual(targeted.toReversed());
      expect(await idsOf(`limit=${limit}&name=METRIC+1`)).toEqual(byName.slice(8, 16));
      expect(await idsOf(`limit=${limit}&status=active`)).toEqual(
        byName.filter((id) => targeted.includes(id)),
      );
    }
    expect(await idsOf(`sort=deadline&deadlineBefore=${at(480)}`)).toEqual(['m22']);
  });

  it('accept every valid name, and are found by it', async () => {
    const names = ['\uffff', '\u{10ffff}', '\u0958', '\ufb2c', 'İ', 'a', '~', '#'].map((character) =>
      character
        .repeat(200 / character.length)
        .normalize('NFC')
        .slice(0, 200),
    );
    for (const [index, name] of names.entries()) {
      await make(`m${index}`, { name });
      expect(await idsOf(`name=${encodeURIComponent(name)}`)).toEqual([`m${index}`]);
    }
    await make('short', { name: 'a' });
    await make('longer', { name: 'a b' });
    expect(await idsOf('name=A')).toEqual(['short', 'longer', 'm5']);
    expect(await api.get('/metrics', `name=${encodeURIComponent('\u0958'.repeat(200))}`)).toMatchObject({
      status: 400,
    });
  });

  it('are due until their target is settled, and expire once', async () => {
    for (const [id, due] of [
      ['a', 60],
      ['b', 60],
      ['c', 61],
      ['d', 90],
    ] as const)
      await make(id, { due });
    await api.send('b', { type: 'RecordValues', values: [{ value: 100 }], now: at(30) });
    await api.project('b');
    const due = async () => (await api.readModel.list('due', { limit: 10 })).rows.map(({ row }) => row.id);
    expect(await due()).toEqual(['a', 'c', 'd']);
    const state = { bookmarks: new MemoryBookmarks(), settled: new Set<string>() };
    const sweep = () => sweepDueTargets({ ...api, ...state, observer: silentObserver }, at(61), () => true);
    expect(await sweep()).toEqual({ expired: 1, settled: 0, skipped: 0, failed: 0 });
    expect(await sweep()).toEqual({ expired: 0, settled: 1, skipped: 0, failed: 0 });
    expect(await sweep()).toEqual({ expired: 0, settled: 0, skipped: 1, failed: 0 });
    await api.project('a');
    expect(await sweep()).toEqual({ expired: 0, settled: 0, skipped: 0, failed: 0 });
    expect(await due()).toEqual(['c', 'd']);
    await api.send('d', { type: 'SetTarget', value: 100, deadline: at(50), now: at(40) });
    await api.project('d');
    expect(await due()).toEqual(['d', 'c']);
  });

  it('that an earlier version saved, without an entry in a part, are filed and then found by status', async () => {
    const { parts: _, ...earlier } = metricsProjection;
    const generation = randomUUID();
    const old = metricsUnderTest(readModelOf(earlier, generation));
    const olds = metricLists(() => old);
    for (const id of ['a', 'b', 'c']) await olds.make(id, { due: 60 });
    await olds.make('d');
    await old.send('b', { type: 'Archive', now: at(0) });
    await old.project('b');
    api = metricsUnderTest(readModelOf(metricsProjection, generation));
    const statuses = ['active', 'archived', 'untargeted'];
    const byStatus = () => Promise.all(statuses.map((status) => idsOf(`status=${status}`)));
    // Marked as filed: what the lists have in their parts.
    expect(await byStatus()).toEqual([[], [], []]);
    const bookmarks = new MemoryBookmarks();
    const dependencies = { readModel: api.readModel, bookmarks, observer: silentObserver };
    await fileMetrics(dependencies, at(0), () => true);
    await fileMetrics(dependencies, at(900), () => true);
    expect(await filingState(bookmarks)()).toBe(true);
    expect(await byStatus()).toEqual([['a', 'c'], ['b'], ['d']]);
    expect(await idsOf('')).toEqual(['a', 'b', 'c', 'd']);
  });

  it('have a history within bounds, in pages, in the order of measurement', async () => {
    await make('m');
    const values = Array.from({ length: 300 }, (_, index) => ({ value: index, at: at(299 - index) }));
    await api.send('m', { type: 'RecordValues', values, now: at(999) });
    await api.project('m');
    const secondsOf = async (query: string) =>
      (await Array.fromAsync(api.pages<Measurement>('/metrics/m/history', query)))
        .flat()
        .map(({ value }) => 299 - value);
    const seconds = Array.from({ length: 300 }, (_, index) => index);
    expect(await secondsOf('limit=77')).toEqual(seconds);
    expect(await secondsOf(`limit=40&from=${at(5)}&to=${at(205)}`)).toEqual(seconds.slice(5, 206));
    expect(await secondsOf(`from=${at(7)}&to=${at(7)}`)).toEqual([7]);
    expect(await secondsOf('points=50')).toHaveLength(50);
    expect(await api.get('/metrics/m/history', `from=${at(7)}&to=${at(6)}`)).toMatchObject({ status: 400 });
  });
});
