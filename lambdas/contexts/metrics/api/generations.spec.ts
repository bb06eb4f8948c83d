import { expect, it } from '@jest/globals';
import type { ListOf } from '../../../../schema/contexts.ts';
import { activeRows, initialGenerations, type ReadModel } from '../../../kernel/index.ts';
import { MemoryReadModel } from '../../../kernel/memory/index.ts';
import type { Measurement } from '../domain/metric.ts';
import { metricsUnderTest } from '../metrics-under-test.fixture.ts';
import { type MetricRow, metricsProjection } from '../read-model/projection.ts';

type Metrics = ReadModel<MetricRow, Measurement, ListOf<'metrics'>>;

it('a client that has the row of a version gets it again when another generation answers', async () => {
  const generations = new Map(
    ['g1', 'g2'].map((name) => [name, new MemoryReadModel(metricsProjection) as Metrics]),
  );
  const of = (name: string) => generations.get(name) as Metrics;
  let active = 'g1';
  const api = metricsUnderTest({
    ...activeRows({ lastKnown: async () => ({ ...initialGenerations, last: 2, active }) }, of),
    load: (ids) => of('g1').load(ids),
    save: async (change) => {
      // The bug that is fixed in the second generation.
      await of('g1').save({ ...change, row: { ...change.row, name: 'wrong' } });
      return of('g2').save(change);
    },
  });
  await api.send('m', { type: 'Create', name: 'Right', now: api.clock.now });
  await api.project('m');
  const get = (headers: Readonly<Record<string, string>>) => api.get('/metrics/m', '', headers);
  const none = (tag: string) => ({ 'if-none-match': tag });
  expect(await get({})).toMatchObject({ headers: { etag: '"1"' }, body: { name: 'wrong' } });
  expect(await get(none('"1"'))).toMatchObject({ status: 304 });
  active = 'g2';
  for (const fresh of [{}, { 'cache-control': 'no-cache' }]) {
    expect(await get({ ...none('"1"'), ...fresh })).toMatchObject({
      status: 200,
      headers: { etag: '"1-g2"' },
      body: { name: 'Right', version: 1 },
    });
    expect(await get({ ...none('"1-g2"'), ...fresh })).toMatchObject({ status: 304 });
  }
  // As a precondition, both tags name the version.
  for (const tag of ['"1"', '"1-g2"']) {
    expect(await get({ 'if-match': tag })).toMatchObject({ status: 200 });
  }
  expect(await get({ 'if-match': '"2-g2"' })).toMatchObject({ status: 412 });
  const posted = await api.post('/metrics/m/values', [{ value: 1 }], { 'if-match': '"1-g2"' });
  expect(posted).toMatchObject({ status: 200, headers: { etag: '"2"' } });
});

it('lines are of the generation of their row, also if a switch comes between', async () => {
  const rows: Metrics = new MemoryReadModel(metricsProjection);
  const empty: Metrics = new MemoryReadModel(metricsProjection);
  let answers = 0;
  // Each answer is another one: the second generation becomes active after the row was found.
  const lastKnown = async () => {
    answers += 1;
    return { ...initialGenerations, last: 2, active: answers === 1 ? 'g1' : 'g2' };
  };
  const api = metricsUnderTest({
    ...activeRows({ lastKnown }, (generation) => (generation === 'g1' ? rows : empty)),
    load: (ids) => rows.load(ids),
    save: (change) => rows.save(change),
  });
  await api.send('m', { type: 'Create', name: 'Right', now: api.clock.now });
  await api.send('m', { type: 'RecordValues', values: [{ value: 7 }], now: api.clock.now });
  await api.project('m');
  const { body } = await api.get('/metrics/m/history', '', { 'cache-control': 'no-cache' });
  expect(body).toMatchObject({ items: [{ value: 7 }] });
});
