import { beforeEach, describe, expect, it } from '@jest/globals';
import { at } from '../domain/metrics.fixture.ts';
import { type MetricsUnderTest, metricsUnderTest } from '../metrics-under-test.fixture.ts';
import { metricLists } from '../read-model/metric-lists.fixture.ts';

let api: MetricsUnderTest;
beforeEach(() => {
  api = metricsUnderTest();
});

const { make, list } = metricLists(() => api);
const idsOf = async (query: string) => (await list(query)).items.map(({ id }) => id);

describe('one metric', () => {
  it('shows value, target, progress and status', async () => {
    await make('m', { name: 'Revenue', due: 60, value: 25 });
    expect(await api.get('/metrics/m')).toMatchObject({ status: 200, headers: { etag: '"3"' } });
    expect((await api.get('/metrics/m')).body).toEqual({
      id: 'm',
      version: 3,
      name: 'Revenue',
      status: 'active',
      current: { value: 25, at: at(0) },
      target: { value: 100, direction: 'at-least', deadline: at(60), setAt: at(0) },
      progress: 0.25,
      createdAt: at(0),
      updatedAt: at(0),
    });
    await api.post('/metrics/m/values', { value: 150 });
    await api.project('m');
    expect((await api.get('/metrics/m')).body).toMatchObject({
      status: 'successful',
      progress: 1.5,
      target: { reachedAt: at(0) },
    });
  });

  it.each([
    [undefined, -10, -20, 0, 'active'],
    [undefined, -10, -5, 1.5, 'successful'],
    ['at-least', -10, -15, 0.5, 'active'],
    ['at-most', -10, -5, 0.5, 'active'],
    ['at-most', 10, 15, 0.5, 'active'],
    ['at-most', 10, 5, 1.5, 'successful'],
  ])(
    'shows the progress towards %s %d at %d: %d, %s',
    async (direction, value, current, progress, status) => {
      await make('m');
      await api.post('/metrics/m/targets', { value, deadline: at(60), ...(direction && { direction }) });
      await api.post('/metrics/m/values', { value: current });
      await api.project('m');
      const target = { value, direction: direction ?? 'at-least' };
      expect((await api.get('/metrics/m')).body).toMatchObject({ progress, status, target });
    },
  );

  it('shows no progress if it is not a finite number', async () => {
    await make('bare');
    expect((await api.get('/metrics/bare')).body).toEqual({
      id: 'bare',
      version: 1,
      name: 'bare',
      status: 'untargeted',
      createdAt: at(0),
      updatedAt: at(0),
    });
    for (const [value, current] of [
      [0, -1],
      [1e-300, -1e300],
    ]) {
      await api.post('/metrics/bare/targets', { value, deadline: at(60) });
      await api.post('/metrics/bare/values', { value: current });
      await api.project('bare');
      expect((await api.get('/metrics/bare')).body).not.toHaveProperty('progress');
    }
  });

  it('is found after projection, and immediately with no-cache', async () => {
    const { body } = await api.post('/metrics', { name: 'a' });
    const path = `/metrics/${(body as { id: string }).id}`;
    const fresh = { 'cache-control': 'no-cache' };
    expect(await api.get(path)).toMatchObject({
      status: 404,
      headers: { 'content-type': 'application/problem+json' },
      body: { type: 'urn:streamfold:problem:metrics/not-found' },
    });
    expect(await api.get(path, '', fresh)).toMatchObject({ status: 200, body: { version: 1 } });
    await api.project(path.slice('/metrics/'.length));
    await api.post(`${path}/values`, { value: 7 });
    expect(await api.get(path)).toMatchObject({ headers: { etag: '"1"' }, body: { version: 1 } });
    expect(await api.get(path, '', fresh)).toMatchObject({
      headers: { etag: '"2"' },
      body: { version: 2, current: { value: 7 } },
    });
    expect(await api.get('/metrics/nobody', '', fresh)).toMatchObject({ status: 404 });
  });

  it('is expired after the deadline, before any sweep, fresh or not', async () => {
    await make('m', { due: 60, value: 25 });
    for (const headers of [{}, { 'cache-control': 'no-cache' }]) {
      api.clock.now = at(60);
      expect(await api.get('/metrics/m', '', headers)).toMatchObject({ body: { status: 'active' } });
      api.clock.now = at(60, 1);
      expect(await api.get('/metrics/m', '', headers)).toMatchObject({
        body: { status: 'expired', version: 3 },
      });
    }
  });

  it('answers 304 to a client that has the version, unless time has changed the status', async () => {
    await make('m', { due: 60 });
    const has = (tag: string) => api.get('/metrics/m', '', { 'if-none-match': tag });
    expect(await has('"2"')).toMatchObject({ status: 304, headers: { etag: '"2"' }, body: undefined });
    expect(await has('"1"')).toMatchObject({ status: 200 });
    api.clock.now = at(61);
    expect(await has('"2"')).toMatchObject({ status: 200, body: { status: 'expired' } });
    await api.send('m', { type: 'Expire', deadline: at(60), now: at(61) });
    await api.project('m');
    expect(await has('"2"')).toMatchObject({ status: 200, body: { version: 3, status: 'expired' } });
    expect(await has('"3"')).toMatchObject({ status: 304 });
  });
});

describe('the list of metrics', () => {
  beforeEach(async () => {
    await make('won', { name: 'Alpha', due: 50, value: 100 });
    await make('late', { name: 'beta', due: 20 });
    await make('running', { name: 'Älpha', due: 90 });
    await make('bare', { name: 'alpha two' });
    await make('gone', { name: 'Beta', due: 70 });
    await api.send('gone', { type: 'Archive', now: at(0) });
    await api.project('gone');
    api.clock.now = at(20, 1);
  });

  it('sorts by name and by deadline, those without one last', async () => {
    expect(await idsOf('')).toEqual(['won', 'bare', 'gone', 'late', 'running']);
    expect(await idsOf('sort=name')).toEqual(['won', 'bare', 'gone', 'late', 'running']);
    expect(await idsOf('sort=deadline')).toEqual(['late', 'won', 'gone', 'running', 'bare']);
  });

  it.each([
    ['active', ['running']],
    ['successful', ['won']],
    ['expired', ['late']],
    ['untargeted', ['bare']],
    ['archived', ['gone']],
  ])('filters by status: %s', async (status, ids) => {
    for (const sort of ['name', 'deadline']) {
      const { items } = await list(`status=${status}&sort=${sort}`);
      expect(items.map((item) => item.id)).toEqual(ids);
      expect(items.every((item) => item.status === status)).toBe(true);
    }
  });

  it('distinguishes active from expired by the time of the request', async () => {
    api.clock.now = at(20);
    expect(await idsOf('status=expired')).toEqual([]);
    expect(await idsOf('status=active&sort=deadline')).toEqual(['late', 'running']);
    api.clock.now = at(91);
    expect(await idsOf('status=expired&sort=deadline')).toEqual(['late', 'running']);
  });

  it('filters by the beginning of the name', async () => {
    for (const [name, ids] of [
      ['alpha', ['won', 'bare']],
      ['ALPHA%20t', ['bare']],
      ['alpha+', ['bare']],
      ['%C3%A4', ['running']],
      ['a%CC%88', ['running']],
      ['%C3%84LPHA', ['running']],
      ['lpha', []],
    ] as const) {
      expect(await idsOf(`name=${name}`)).toEqual(ids);
      expect((await idsOf(`name=${name}&sort=deadline`)).toSorted()).toEqual(ids.toSorted());
    }
  });

  it('finds names in all forms of their letters', async () => {
    await make('wise', { name: 'ΣΟΦΟΣΤΙΚΑ' });
    await make('street', { name: 'Straße' });
    await make('city', { name: 'İzmir' });
    for (const [name, ids] of [
      ['ΣΟΦΟΣ', ['wise']],
      ['σοφος', ['wise']],
      ['STRASSE', ['street']],
      ['straß', ['street']],
      ['izm', ['city']],
      ['İZM', ['city']],
    ] as const) {
      for (const sort of ['name', 'deadline']) {
        expect(await idsOf(`name=${encodeURIComponent(name)}&sort=${sort}`)).toEqual(ids);
      }
    }
  });

  it('includes names that only earlier versions accepted', async () => {
    const name = '\u{10ffff}odd \u202e\ud800';
    await make('odd', { name });
    expect(await idsOf('')).toContain('odd');
    expect(await idsOf(`name=${encodeURIComponent('\u{10ffff}')}`)).toEqual(['odd']);
    expect(await api.get('/metrics/odd')).toMatchObject({ status: 200, body: { name } });
  });

  it('filters by deadlines before an instant', async () => {
    for (const sort of ['name', 'deadline']) {
      expect(await idsOf(`deadlineBefore=${at(20)}&sort=${sort}`)).toEqual([]);
      expect(await idsOf(`deadlineBefore=${at(20, 1)}&sort=${sort}`)).toEqual(['late']);
    }
    expect(await idsOf(`deadlineBefore=${at(70, 1)}&sort=deadline`)).toEqual(['late', 'won', 'gone']);
    expect(await idsOf(`deadlineBefore=2026-01-01T01:00:50.001%2B01:00&sort=deadline`)).toEqual([
      'late',
      'won',
    ]);
  });

  it('combines all filters', async () => {
    expect(await idsOf(`name=al&status=successful&deadlineBefore=${at(60)}`)).toEqual(['won']);
    expect(await idsOf(`name=al&status=successful&deadlineBefore=${at(50)}`)).toEqual([]);
  });

  it.each([
    'status=done',
    'status=',
    'status=Active',
    'status=active&status=expired',
    'sort=value',
    'name=',
    `name=${'x'.repeat(201)}`,
    'deadlineBefore=2027-01-01T00:00:00',
    'deadlineBefore=tomorrow',
    'limit=0',
    'limit=101',
    'limit=1.5',
    'colour=red',
  ])('refuses %s', async (query) => {
    expect(await api.get('/metrics', query)).toMatchObject({
      status: 400,
      headers: { 'content-type': 'application/problem+json' },
      body: { type: 'urn:streamfold:problem:invalid-query' },
    });
  });

  it('refuses a cursor that is invented, altered or for other filters', async () => {
    const { next = '' } = await list('limit=1');
    expect(next).not.toBe('');
    const refused = [
      'cursor=abc',
      'cursor=',
      `cursor=${next.slice(0, -1)}`,
      `cursor=${next}A`,
      `cursor=${encodeURIComponent(JSON.stringify('beta'))}`,
      `cursor=${next}&sort=deadline`,
      `cursor=${next}&status=active`,
      `cursor=${next}&name=al`,
      `cursor=${next}&deadlineBefore=${at(60)}`,
    ];
    for (const query of refused) expect(await api.get('/metrics', query)).toMatchObject({ status: 400 });
    expect(await idsOf(`cursor=${next}&limit=2&sort=name`)).toEqual(['bare', 'gone']);
  });
});
