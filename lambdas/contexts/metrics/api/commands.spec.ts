import { beforeEach, describe, expect, it } from '@jest/globals';
import { problemLike } from '../../context-under-test.fixture.ts';
import { at } from '../domain/metrics.fixture.ts';
import { type MetricsUnderTest, metricsUnderTest } from '../metrics-under-test.fixture.ts';

let api: MetricsUnderTest;
beforeEach(() => {
  api = metricsUnderTest();
});

const make = () => api.create('/metrics', { name: 'Revenue' });

describe('commands', () => {
  it('create a metric and return its location', async () => {
    const json = { name: '  Revenue ', unit: 'EUR', description: 'Net of refunds' };
    const answer = await api.post('/metrics', json);
    const { id } = answer.body as { id: string };
    expect(answer).toMatchObject({
      status: 201,
      headers: { etag: '"1"', location: `/metrics/${id}` },
    });
    expect(answer.body).toEqual({ id, version: 1, status: 'untargeted' });
    expect(await api.eventsOf(id)).toEqual([
      ['Metric:Created', { name: 'Revenue', unit: 'EUR', description: 'Net of refunds', at: at(0) }],
    ]);
  });

  it('set a target, record values until it is reached, archive', async () => {
    const id = await make();
    api.clock.now = at(10);
    const target = { value: 100, deadline: '2026-01-01T02:00:00+02:00' };
    expect(await api.post(`/metrics/${id}/targets`, target)).toMatchObject(
      problemLike(400, 'metrics/deadline-passed'),
    );
    expect(
      await api.post(`/metrics/${id}/targets`, { ...target, deadline: '2026-01-01T02:01:00+02:00' }),
    ).toMatchObject({ status: 200, headers: { etag: '"2"' }, body: { id, version: 2, status: 'active' } });
    api.clock.now = at(20);
    expect(await api.post(`/metrics/${id}/values`, { value: 99.5 })).toMatchObject({
      status: 200,
      body: { id, version: 3, status: 'active', value: 99.5 },
    });
    api.clock.now = at(90);
    const values = [{ value: 3 }, { value: 120, at: '2026-01-01T00:01:00Z' }];
    expect(await api.post(`/metrics/${id}/values`, values)).toMatchObject({
      status: 200,
      headers: { etag: '"6"' },
      body: { id, version: 6, status: 'successful', value: 3 },
    });
    expect(await api.post(`/metrics/${id}/archive`)).toMatchObject({
      status: 200,
      body: { id, version: 7, status: 'archived', value: 3 },
    });
    expect((await api.eventsOf(id)).slice(1)).toEqual([
      ['Metric:TargetSet', { value: 100, deadline: at(60), at: at(10) }],
      ['Metric:ValueRecorded', { value: 99.5, at: at(20) }],
      ['Metric:ValueRecorded', { value: 120, at: at(60) }],
      ['Metric:TargetReached', { target: 100, value: 120, at: at(60) }],
      ['Metric:ValueRecorded', { value: 3, at: at(90) }],
      ['Metric:Archived', { at: at(90) }],
    ]);
  });

  it('accept 1,000 values in one commit', async () => {
    const id = await make();
    api.clock.now = at(2_000);
    const values = Array.from({ length: 1_000 }, (_, index) => ({ value: index, at: at(index) }));
    expect(await api.post(`/metrics/${id}/values`, values)).toMatchObject({
      status: 200,
      body: { version: 1_001, value: 999 },
    });
    expect((await Array.fromAsync(api.log.read(`metrics/${id}`))).flat()).toHaveLength(2);
  });

  it('store every finite number, even one that JSON parsers would round', async () => {
    const id = await make();
    const third = 1 / 3;
    for (const value of [0, -1.5, 1e308, 5e-324, String(third), '-12', '1e3'])
      expect(await api.post(`/metrics/${id}/values`, { value })).toMatchObject({ status: 200 });
    const recorded = (await api.eventsOf(id)).slice(1).map(([, data]) => (data as { value: number }).value);
    expect(recorded).toEqual([0, -1.5, 1e308, 5e-324, third, -12, 1_000]);
  });

  it('require the version in If-Match', async () => {
    const id = await make();
    for (const tag of ['"2"', 'W/"1"', '"0"']) {
      expect(await api.post(`/metrics/${id}/values`, { value: 1 }, { 'if-match': tag })).toMatchObject(
        problemLike(412, 'version-mismatch'),
      );
    }
    expect(await api.eventsOf(id)).toHaveLength(1);
    expect(await api.post(`/metrics/${id}/values`, { value: 1 }, { 'if-match': '"1"' })).toMatchObject({
      status: 200,
    });
  });
});

describe('a retry with the same key', () => {
  it('does not create a second metric', async () => {
    const headers = { 'idempotency-key': 'create-1' };
    const first = await api.post('/metrics', { name: 'Café' }, headers);
    api.clock.now = at(10);
    const again = await api.post('/metrics', { name: ' Cafe\u0301' }, headers);
    expect(again).toMatchObject({ status: 201, body: first.body as object });
    expect(await api.post('/metrics', { name: 'Other' }, headers)).toMatchObject({ status: 422 });
    expect(await api.eventsOf((first.body as { id: string }).id)).toHaveLength(1);
  });

  it('records values without an instant once, at any later time', async () => {
    const id = await make();
    const headers = { 'idempotency-key': 'value-1' };
    api.clock.now = at(10);
    const first = await api.post(`/metrics/${id}/values`, { value: 5 }, headers);
    await api.post(`/metrics/${id}/values`, { value: 6 });
    for (const [seconds, json] of [
      [20, { value: 5 }],
      [30, [{ value: 5 }]],
      [40, { value: '5.0' }],
    ] as const) {
      api.clock.now = at(seconds);
      const again = await api.post(`/metrics/${id}/values`, json, headers);
      expect({ ...again, headers: {} }).toEqual({ ...first, headers: {} });
      expect(again.headers['etag']).toBe('"2"');
    }
    for (const json of [{ value: 6 }, { value: 5, at: at(10) }, [{ value: 5 }, { value: 5 }]])
      expect(await api.post(`/metrics/${id}/values`, json, headers)).toMatchObject({ status: 422 });
    expect(await api.eventsOf(id)).toHaveLength(3);
  });

  it('gets the first answer although the deadline has passed or the metric was archived', async () => {
    const id = await make();
    const headers = { 'idempotency-key': 'target-1' };
    const target = { value: 100, deadline: at(60) };
    const first = await api.post(`/metrics/${id}/targets`, target, headers);
    expect(first).toMatchObject({ status: 200, body: { version: 2, status: 'active' } });
    api.clock.now = at(61);
    expect(await api.post(`/metrics/${id}/targets`, target, headers)).toMatchObject({
      status: 200,
      body: first.body as object,
    });
    await api.post(`/metrics/${id}/archive`, undefined, { 'idempotency-key': 'archive-1' });
    api.clock.now = at(62);
    expect(await api.post(`/metrics/${id}/targets`, target, headers)).toMatchObject({
      status: 200,
      body: first.body as object,
    });
    expect(
      await api.post(`/metrics/${id}/archive`, undefined, { 'idempotency-key': 'archive-1' }),
    ).toMatchObject({ status: 200, body: { version: 4 } });
    expect((await api.eventsOf(id)).map(([name]) => name)).toEqual([
      'Metric:Created',
      'Metric:TargetSet',
      'Metric:Expired',
      'Metric:Archived',
    ]);
  });

  it('is distinguished from another command with the same key', async () => {
    const id = await make();
    const headers = { 'idempotency-key': 'key' };
    await api.post(`/metrics/${id}/targets`, { value: 5, deadline: at(60) }, headers);
    expect(await api.post(`/metrics/${id}/archive`, {}, headers)).toMatchObject({ status: 422 });
    expect(await api.eventsOf(id)).toHaveLength(2);
  });

  it('answer expired once the deadline has passed, before any sweep, as a query does', async () => {
    await api.post('/metrics', { name: 'm' }, { 'idempotency-key': 'late' });
    const { id } = (await api.post('/metrics', { name: 'm' }, { 'idempotency-key': 'late' })).body as {
      id: string;
    };
    await api.post(`/metrics/${id}/targets`, { value: 10, deadline: at(60) });
    api.clock.now = at(61);
    expect(await api.post(`/metrics/${id}/values`, { value: 1 })).toMatchObject({
      body: { status: 'expired' },
    });
    expect(await api.get(`/metrics/${id}`, '', { 'cache-control': 'no-cache' })).toMatchObject({
      body: { status: 'expired' },
    });
  });
});
