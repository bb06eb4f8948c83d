import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Observer, silentObserver } from '../../../kernel/index.ts';
import { MemoryBookmarks } from '../../../kernel/memory/index.ts';
import { recordingObserver } from '../../../kernel/testing/index.ts';
import { at, expired, setTarget } from '../domain/metrics.fixture.ts';
import { type MetricsUnderTest, metricsUnderTest } from '../metrics-under-test.fixture.ts';
import { type SweepDependencies, sweepDueTargets, sweepMaxCommands, sweepMaxRows } from './sweep.ts';

const always = () => true;

let metrics: MetricsUnderTest;
let bookmarks: MemoryBookmarks;
beforeEach(() => {
  metrics = metricsUnderTest();
  bookmarks = new MemoryBookmarks();
});

/** Runs one sweep of a new process at an instant. `replaced`: dependencies other than those of the context. */
function sweep(now: string, replaced: Partial<SweepDependencies> = {}, hasTime = always) {
  const { readModel, handler, clock } = metrics;
  clock.now = now;
  const own = { readModel, handler, bookmarks, settled: new Set<string>(), observer: silentObserver };
  return sweepDueTargets({ ...own, ...replaced }, now, hasTime);
}

/** A condition that is true this many times. */
function times(count: number): () => boolean {
  let left = count;
  return () => {
    left -= 1;
    return left >= 0;
  };
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
    expect(await sweep(at(60))).toEqual({ expired: 0, settled: 0, skipped: 0, failed: 0 });
    expect(await sweep(at(60, 1))).toEqual({ expired: 1, settled: 0, skipped: 0, failed: 0 });
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

  it('expires each target in a step of its own, which does not end the sweep if it fails', async () => {
    const [id = '', failing = ''] = await makeDue(2);
    const { observer, take } = recordingObserver();
    const handler: SweepDependencies['handler'] = {
      handle: async (targets, request) => {
        if (targets[0].id === failing) throw new Error('The log is away.');
        return metrics.handler.handle(targets, request);
      },
    };
    const settled = new Set<string>();
    const counts = { expired: 1, failed: 1, settled: 0, skipped: 0 };
    expect(await sweep(at(61), { observer, handler, settled })).toEqual(counts);
    const steps = [id, failing].map((each) => `{"stream":"metrics/${each}","consumer":"metrics-sweeper"}`);
    expect(take()).toEqual([`1 expire ${steps[0]}`, `2 expire ${steps[1]}`]);
    // Nothing happens to a target that is known to be settled, so there is no step.
    await sweep(at(62), { observer, settled });
    await sweep(at(63), { observer, settled });
    expect(take().filter((line) => line.includes(id))).toHaveLength(1);
  });

  it('expires nothing more after the row is projected', async () => {
    const ids = await makeDue(1);
    await sweep(at(61));
    await metrics.project(...ids);
    expect(await sweep(at(61))).toEqual({ expired: 0, settled: 0, skipped: 0, failed: 0 });
  });

  it('expires a target once, although it runs repeatedly before the row is projected', async () => {
    await makeDue(1);
    expect(await sweep(at(61))).toEqual({ expired: 1, settled: 0, skipped: 0, failed: 0 });
    for (let run = 0; run < 3; run += 1) {
      expect(await sweep(at(120 + run))).toEqual({ expired: 0, settled: 1, skipped: 0, failed: 0 });
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
    expect(await sweep(at(100))).toEqual({ expired: 0, settled: 3, skipped: 0, failed: 0 });
    for (const id of ['m0000', 'm0001', 'm0002']) expect(await expiries(id)).toBe(0);
  });

  it('does not expire a target that replaced the one in the row', async () => {
    await makeDue(2);
    await metrics.send('m0000', setTarget(7, at(500), at(50)));
    await metrics.send('m0001', setTarget(7, at(500), at(70)));
    expect(await sweep(at(100))).toEqual({ expired: 0, settled: 2, skipped: 0, failed: 0 });
    expect(await expiries('m0000')).toBe(0);
    expect(await expiries('m0001')).toBe(1);
  });

  it('also expires a later target of a metric with the same deadline', async () => {
    const [id = ''] = await makeDue(1);
    await metrics.send(id, setTarget(7, at(60), at(50)));
    await metrics.project(id);
    expect(await sweep(at(61))).toEqual({ expired: 1, settled: 0, skipped: 0, failed: 0 });
    await metrics.send(id, setTarget(8, at(120), at(70)));
    await metrics.project(id);
    expect(await sweep(at(121))).toEqual({ expired: 1, settled: 0, skipped: 0, failed: 0 });
    expect(await expiries(id)).toBe(2);
  });

  it('does not expire a new target early if the index still has the old deadline', async () => {
    const [id = ''] = await makeDue(1);
    await metrics.send(id, setTarget(7, at(500), at(50)));
    await metrics.project(id);
    const row = await metrics.readModel.find(id);
    if (row === undefined) throw new Error('There is no row.');
    const lagging = { list: async () => ({ rows: [{ ...row, rowId: id, listKey: `${at(60)}#${id}` }] }) };
    const settled = new Set<string>();
    expect(await sweep(at(100), { readModel: lagging, settled })).toEqual({
      expired: 0,
      settled: 1,
      skipped: 0,
      failed: 0,
    });
    expect(await expiries(id)).toBe(0);
    // A sweep that ran too early does not prevent the expiry later.
    expect(await sweep(at(501), { settled })).toEqual({ expired: 1, settled: 0, skipped: 0, failed: 0 });
  });

  it('handles every page of due metrics', async () => {
    const ids = await makeDue(230);
    expect(await sweep(at(61))).toEqual({ expired: 230, settled: 0, skipped: 0, failed: 0 });
    for (const id of ids) expect(await expiries(id)).toBe(1);
  });

  it('stops between pages when there is no time left', async () => {
    await makeDue(230);
    expect(await sweep(at(61), {}, times(2))).toEqual({ expired: 200, settled: 0, skipped: 0, failed: 0 });
    expect(await sweep(at(61), {}, () => false)).toEqual({ expired: 0, settled: 0, skipped: 0, failed: 0 });
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
    expect(await sweep(at(61), { handler, observer })).toEqual({
      expired: 11,
      settled: 0,
      skipped: 0,
      failed: 1,
    });
    expect(warnings).toEqual([{ metric: 'm0003', error: new Error('The log is away.') }]);
    await metrics.project(...ids);
    expect(await sweep(at(62))).toEqual({ expired: 1, settled: 0, skipped: 0, failed: 0 });
  });

  it.each([
    ['commands', (index: number) => `event ${index}`, sweepMaxCommands],
    ['rows', () => 'event', sweepMaxRows],
  ])('handles a bounded number of %s, even if more are due', async (_what, targetEventIdOf, rowsMax) => {
    await makeDue(1);
    const stored = await metrics.readModel.find('m0000');
    if (stored === undefined) throw new Error('There is no row.');
    let read = 0;
    const endless: SweepDependencies['readModel'] = {
      list: async (list, { to, after, limit }) => {
        expect([list, to, after]).toEqual(['due', at(61), read === 0 ? undefined : `row ${read}`]);
        const rows = Array.from({ length: limit }, (_, index) => {
          const row = { ...stored.row, targetEventId: targetEventIdOf(read + index) };
          return { ...stored, row, rowId: 'm0000', listKey: 'key' };
        });
        read += limit;
        if (read > rowsMax) throw new Error('The sweep knows no bound.');
        return { rows, next: `row ${read}` };
      },
    };
    const { expired: done, settled, skipped, failed } = await sweep(at(61), { readModel: endless });
    expect(done + settled + skipped + failed).toBe(rowsMax);
    expect(await bookmarks.place('metrics-sweep')).toBe(`row ${rowsMax}`);
  });
});

describe('sweeps while the projector is paused', () => {
  it('get through all due metrics, each in the place where the last one stopped', async () => {
    const ids = await makeDue(350);
    const expiredBy = [];
    for (let run = 0; run < 4; run += 1) expiredBy.push((await sweep(at(61 + run), {}, times(1))).expired);
    expect(expiredBy).toEqual([100, 100, 100, 50]);
    for (const id of ids) expect(await expiries(id)).toBe(1);
  });

  it('begin again at the start after the end, up to the place where the run began', async () => {
    await makeDue(350);
    await sweep(at(61), {}, times(2));
    // Reads the pages from 200 to 300 and to 350, then those from 0 to 100 and to 200.
    expect(await sweep(at(62))).toEqual({ expired: 150, settled: 200, skipped: 0, failed: 0 });
    expect(await bookmarks.place('metrics-sweep')).toBeUndefined();
  });

  it('skip what the process knows to be settled', async () => {
    await makeDue(230);
    const settled = new Set<string>();
    expect((await sweep(at(61), { settled })).expired).toBe(230);
    expect((await sweep(at(61), { settled })).settled).toBe(230);
    const handler: SweepDependencies['handler'] = {
      handle: async () => {
        throw new Error('A settled target needs no command.');
      },
    };
    const result = await sweep(at(62), { settled, handler });
    expect(result).toEqual({ expired: 0, settled: 0, skipped: 230, failed: 0 });
  });

  it('reach a metric that becomes due behind many others', async () => {
    await makeDue(250);
    await sweep(at(61));
    await metrics.send('late', { type: 'Create', name: 'late', now: at(0) });
    await metrics.send('late', setTarget(1, at(70), at(10)));
    await metrics.project('late');
    for (let run = 0; run < 3; run += 1) await sweep(at(71 + run), {}, times(1));
    expect(await expiries('late')).toBe(1);
  });

  it('do not lose the rows of a page that a crash cut off', async () => {
    const ids = await makeDue(250);
    let isDown = true;
    const handler: SweepDependencies['handler'] = {
      // The process ends at this metric: nothing after it is handled, and nothing can be noted.
      handle: (targets, request) => {
        if (isDown && targets[0].id >= 'm0150') throw new Error('The process has ended.');
        return metrics.handler.handle(targets, request);
      },
    };
    await sweep(at(61), { handler }, times(2));
    expect(await bookmarks.place('metrics-sweep')).toMatch(/#m0199$/);
    isDown = false;
    await sweep(at(62), {}, times(1));
    expect(await expiries('m0249')).toBe(1);
    await sweep(at(63));
    for (const id of ids) expect(await expiries(id)).toBe(1);
  });

  it('are not stopped by rows that fail every time', async () => {
    const ids = await makeDue(250);
    const handler: SweepDependencies['handler'] = {
      handle: async (targets, request) => {
        if (targets[0].id < 'm0200') throw new Error('This metric fails every time.');
        return metrics.handler.handle(targets, request);
      },
    };
    for (let run = 0; run < 3; run += 1) await sweep(at(61 + run), { handler }, times(1));
    for (const id of ids.slice(200)) expect(await expiries(id)).toBe(1);
  });

  it('begin at the start if the noted place is beyond the end', async () => {
    const ids = await makeDue(3);
    await bookmarks.notePlace('metrics-sweep', `${at(9_999)}#z`);
    expect((await sweep(at(61))).expired).toBe(3);
    for (const id of ids) expect(await expiries(id)).toBe(1);
  });

  it('that run at the same time leave no metric out', async () => {
    const ids = await makeDue(350);
    for (let run = 0; run < 3; run += 1)
      await Promise.all([sweep(at(61), {}, times(1)), sweep(at(61), {}, times(2))]);
    for (const id of ids) expect(await expiries(id)).toBe(1);
  });

  it('go on without their place if the control table fails, and say so', async () => {
    await makeDue(3);
    const warnings: string[] = [];
    const observer: Observer = { ...silentObserver, warn: (message) => warnings.push(message) };
    await bookmarks.notePlace('metrics-sweep', 'far');
    const broken = {
      place: async () => {
        throw new Error('The table is away.');
      },
      notePlace: async () => undefined,
    };
    expect((await sweep(at(61), { bookmarks: broken, observer })).expired).toBe(3);
    expect(warnings).toEqual(['The place of the sweep could not be read or noted.']);
  });
});
