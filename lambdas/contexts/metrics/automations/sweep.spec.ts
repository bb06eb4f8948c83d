import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Observer, silentObserver } from '../../../kernel/index.ts';
import { at, expired, setTarget } from '../domain/metrics.fixture.ts';
import { type MetricsUnderTest, metricsUnderTest } from '../metrics-under-test.fixture.ts';
import { type SweepDependencies, sweepDueTargets, sweepMaxMetrics } from './sweep.ts';

const always = () => true;

let metrics: MetricsUnderTest;
beforeEach(() => {
  metrics = metricsUnderTest();
});

/** Runs one sweep at an instant. `replaced`: dependencies other than those of the context. */
function sweep(now: string, replaced: Partial<SweepDependencies> = {}, hasTime = always) {
  const { readModel, handler, clock } = metrics;
  clock.now = now;
  return sweepDueTargets({ readModel, handler, observer: silentObserver, ...replaced }, now, hasTime);
}

/** Makes metrics with a target each, all due at the same instant, and projects them. */
async function makeDue(count: number, deadline = at(60)): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, index) => `m${String(index).padStart(4, '0')}`);
  for (const id of ids) {
    await metrics.send(id, { type: 'Create', name: id, now: at(0) });
    await metrics.send(id, setTarget(100, deadline, at(10)));
  }
  await metrics.project(...ids);
  return ids;
}

const expiries = async (id: string) =>
  (await metrics.eventsOf(id)).filter(([type]) => type === 'Metric:Expired').length;

describe('the sweep', () => {
  it('expires a target after its deadline, not exactly at it', async () => {
    await makeDue(1);
    expect(await sweep(at(60))).toEqual({ expired: 0, settled: 0, failed: 0 });
    expect(await sweep(at(60, 1))).toEqual({ expired: 1, settled: 0, failed: 0 });
    const { type, data } = expired(100, at(60));
    expect((await metrics.eventsOf('m0000')).at(-1)).toEqual([type, data]);
  });

  it('names the event that set the target as the cause', async () => {
    await makeDue(1);
    await sweep(at(61));
    const [, set, expiry] = (await Array.fromAsync(metrics.log.read('metrics/m0000'))).flat();
    expect(expiry).toMatchObject({
      causationId: set?.events[0]?.id,
      actor: 'urn:streamfold:system metrics-sweeper',
      committedAt: at(61),
    });
  });

  it('expires nothing more after the row is projected', async () => {
    const ids = await makeDue(1);
    await sweep(at(61));
    await metrics.project(...ids);
    expect(await sweep(at(61))).toEqual({ expired: 0, settled: 0, failed: 0 });
  });

  it('expires a target once, although it runs repeatedly before the row is projected', async () => {
    await makeDue(1);
    expect(await sweep(at(61))).toEqual({ expired: 1, settled: 0, failed: 0 });
    for (let run = 0; run < 3; run += 1) {
      expect(await sweep(at(120 + run))).toEqual({ expired: 0, settled: 1, failed: 0 });
    }
    expect(await expiries('m0000')).toBe(1);
  });

  it('expires a target once, although many run at the same time', async () => {
    const ids = await makeDue(30);
    const results = await Promise.all(Array.from({ length: 6 }, (_, index) => sweep(at(61, index))));
    expect(results.reduce((sum, result) => sum + result.expired, 0)).toBe(30);
    expect(results.reduce((sum, result) => sum + result.settled, 0)).toBe(5 * 30);
    for (const id of ids) expect(await expiries(id)).toBe(1);
  });

  it('does not expire a reached target, even by a late value, or a target of an archived metric', async () => {
    await makeDue(3);
    await metrics.send('m0000', { type: 'RecordValues', values: [{ value: 100 }], now: at(30) });
    await metrics.send('m0001', { type: 'RecordValues', values: [{ value: 100, at: at(60) }], now: at(90) });
    await metrics.send('m0002', { type: 'Archive', now: at(40) });
    expect(await sweep(at(100))).toEqual({ expired: 0, settled: 3, failed: 0 });
    for (const id of ['m0000', 'm0001', 'm0002']) expect(await expiries(id)).toBe(0);
  });

  it('does not expire a target that replaced the one in the row', async () => {
    await makeDue(2);
    await metrics.send('m0000', setTarget(7, at(500), at(50)));
    await metrics.send('m0001', setTarget(7, at(500), at(70)));
    expect(await sweep(at(100))).toEqual({ expired: 0, settled: 2, failed: 0 });
    expect(await expiries('m0000')).toBe(0);
    expect(await expiries('m0001')).toBe(1);
  });

  it('also expires a later target of a metric with the same deadline', async () => {
    const [id = ''] = await makeDue(1);
    await metrics.send(id, setTarget(7, at(60), at(50)));
    await metrics.project(id);
    expect(await sweep(at(61))).toEqual({ expired: 1, settled: 0, failed: 0 });
    await metrics.send(id, setTarget(8, at(120), at(70)));
    await metrics.project(id);
    expect(await sweep(at(121))).toEqual({ expired: 1, settled: 0, failed: 0 });
    expect(await expiries(id)).toBe(2);
  });

  it('does not expire a new target early if the index still has the old deadline', async () => {
    const [id = ''] = await makeDue(1);
    await metrics.send(id, setTarget(7, at(500), at(50)));
    await metrics.project(id);
    const row = await metrics.readModel.find(id);
    if (row === undefined) throw new Error('There is no row.');
    const lagging = { list: async () => ({ rows: [{ ...row, rowId: id, listKey: `${at(60)}#${id}` }] }) };
    expect(await sweep(at(100), { readModel: lagging })).toEqual({ expired: 0, settled: 1, failed: 0 });
    expect(await expiries(id)).toBe(0);
    // A sweep that ran too early does not prevent the expiry later.
    expect(await sweep(at(501))).toEqual({ expired: 1, settled: 0, failed: 0 });
  });

  it('handles every page of due metrics', async () => {
    const ids = await makeDue(230);
    expect(await sweep(at(61))).toEqual({ expired: 230, settled: 0, failed: 0 });
    for (const id of ids) expect(await expiries(id)).toBe(1);
  });

  it('stops between pages when there is no time left', async () => {
    await makeDue(230);
    let asked = 0;
    const twice = () => {
      asked += 1;
      return asked <= 2;
    };
    expect(await sweep(at(61), {}, twice)).toEqual({ expired: 200, settled: 0, failed: 0 });
    expect(await sweep(at(61), {}, () => false)).toEqual({ expired: 0, settled: 0, failed: 0 });
  });

  it('continues after a failed command, reports it, and retries it the next time', async () => {
    const ids = await makeDue(12);
    const warnings: unknown[] = [];
    const observer: Observer = { ...silentObserver, warn: (_message, details) => warnings.push(details) };
    const handler: SweepDependencies['handler'] = {
      handle: async (targets, request) => {
        if (targets[0].id === 'm0003') throw new Error('The log is away.');
        return metrics.handler.handle(targets, request);
      },
    };
    expect(await sweep(at(61), { handler, observer })).toEqual({ expired: 11, settled: 0, failed: 1 });
    expect(warnings).toEqual([{ metric: 'm0003', error: new Error('The log is away.') }]);
    await metrics.project(...ids);
    expect(await sweep(at(62))).toEqual({ expired: 1, settled: 0, failed: 0 });
  });

  it('handles a bounded number of metrics, even if more are due', async () => {
    await makeDue(1);
    const row = await metrics.readModel.find('m0000');
    if (row === undefined) throw new Error('There is no row.');
    let pages = 0;
    const endless: SweepDependencies['readModel'] = {
      list: async (list, { to, after, limit }) => {
        expect([list, to, after]).toEqual(['due', at(61), pages === 0 ? undefined : `page ${pages}`]);
        pages += 1;
        if (pages * limit > sweepMaxMetrics) throw new Error('The sweep knows no bound.');
        const rows = Array.from({ length: limit }, () => ({ ...row, rowId: 'm0000', listKey: 'key' }));
        return { rows, next: `page ${pages}` };
      },
    };
    const { expired: done, settled, failed } = await sweep(at(61), { readModel: endless });
    expect([done, settled, failed]).toEqual([1, sweepMaxMetrics - 1, 0]);
  });
});
