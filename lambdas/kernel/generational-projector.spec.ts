import { describe, expect, it } from '@jest/globals';
import { CachedGenerations } from './cached-generations.ts';
import type { Commit } from './commit.ts';
import { writtenRows } from './generation-rows.ts';
import { type GenerationState, generationCacheMs } from './generations.ts';
import { MemoryEventLog } from './memory/memory-event-log.ts';
import { MemoryGenerations } from './memory/memory-generations.ts';
import { MemoryParkingLot } from './memory/memory-parking-lot.ts';
import { MemoryReadModel } from './memory/memory-read-model.ts';
import { GenerationalProjector } from './projector.ts';
import { updatesByStream } from './stream-updates.ts';
import { commitAt } from './testing/commits.fixture.ts';
import type { CounterEvent } from './testing/counter.fixture.ts';
import { countingObserver } from './testing/counting-observer.fixture.ts';
import { type Line, type Tally, tallyProjection } from './testing/read-model.contract.ts';
import { simulatedEffects } from './testing/simulated-effects.ts';

const at = '2026-01-02T03:04:05.678Z';
const building = {
  generation: 'g2',
  phase: 'following',
  segments: 1,
  startedAt: at,
  followingSince: at,
} as const;
const first: GenerationState = { revision: 1, last: 1, active: 'g1' };
const both: GenerationState = { revision: 2, last: 2, active: 'g1', building };
const throttled = Object.assign(new Error('slow down'), { name: 'ThrottlingException' });

function added(id: string, version: number, amount: number): Commit {
  const event = { id: `${id}${version}`, type: 'Counter:Added', schemaVersion: 1, data: { amount } };
  return commitAt(`counter/${id}`, version, 1, { events: [event] });
}

async function setUp(logged: readonly Commit[], state: GenerationState = both) {
  const log = new MemoryEventLog();
  for (const commit of logged) await log.append([commit]);
  const rows = new Map(['g1', 'g2', 'g3'].map((name) => [name, new Rows(tallyProjection)]));
  const of = (name: string) => rows.get(name) ?? new Rows(tallyProjection);
  const store = new MemoryGenerations();
  store.put('tally', state);
  const parkingLot = new MemoryParkingLot();
  const { observer, counts } = countingObserver();
  const warnings: unknown[] = [];
  const effects = simulatedEffects();
  const projector = new GenerationalProjector<CounterEvent, Tally, Line>({
    projection: tallyProjection,
    log,
    generations: writtenRows(new CachedGenerations({ store, model: 'tally', effects }), of),
    parkingLot,
    observer: { ...observer, warn: (_message, details) => warnings.push(details?.['error']) },
    effects,
  });
  return {
    store,
    of,
    parkingLot,
    projector,
    counts,
    warnings,
    project: (...commits: readonly Commit[]) =>
      projector.project(updatesByStream(commits.map((commit) => ({ ...commit, count: 1 })))),
    pass: (ms: number) => {
      effects.clock.now = new Date(Date.parse(effects.clock.now) + ms).toISOString();
    },
    parked: () => parkingLot.list('tally', { limit: 10 }),
  };
}

class Rows extends MemoryReadModel<Tally, Line> {
  fault: ((id: string) => Error | undefined) | undefined;
  saves = 0;

  override async save(change: Parameters<MemoryReadModel<Tally, Line>['save']>[0]) {
    const error = this.fault?.(change.id);
    if (error) throw error;
    this.saves += 1;
    return super.save(change);
  }
}

describe('a projector of several generations', () => {
  it('writes each of them, and counts a stream once', async () => {
    const { of, project } = await setUp([]);
    expect(await project(added('a', 1, 1), added('b', 1, 2))).toEqual({
      projected: 2,
      parked: [],
      failed: [],
    });
    for (const name of ['g1', 'g2'])
      expect(await of(name).find('a')).toEqual({ version: 1, row: { id: 'a', total: 1 } });
    expect(await of('g3').find('a')).toBeUndefined();
  });

  it('writes the previous one too, and none that is folded or given up', async () => {
    const { followingSince: _, ...folding } = { ...building, generation: 'g3', phase: 'folding' as const };
    const state: GenerationState = { revision: 3, last: 3, active: 'g2', previous: 'g1', building: folding };
    const { of, store, project, pass } = await setUp([], state);
    await project(added('a', 1, 1));
    store.put('tally', { revision: 4, last: 3, active: 'g2', removing: [{ generation: 'g1', since: at }] });
    pass(generationCacheMs);
    await project(added('a', 2, 1));
    const versions = await Promise.all(
      ['g1', 'g2', 'g3'].map(async (name) => (await of(name).find('a'))?.version),
    );
    expect(versions).toEqual([1, 2, undefined]);
  });

  it('catches up a generation that lacks earlier commits', async () => {
    const { of, store, project, pass } = await setUp([added('a', 1, 1), added('a', 2, 2)], first);
    await project(added('a', 1, 1));
    store.put('tally', both);
    pass(generationCacheMs);
    expect(await project(added('a', 2, 2))).toMatchObject({ projected: 1 });
    for (const name of ['g1', 'g2'])
      expect(await of(name).find('a')).toMatchObject({ version: 2, row: { total: 3 } });
  });

  it('leads every generation as far as the log has led the active one, so that no row goes back at a switch', async () => {
    const { of, project } = await setUp([added('a', 1, 1), added('a', 2, 2), added('a', 3, 3)]);
    // The active generation has no row yet. The other one was folded from the log.
    await of('g2').save({ id: 'a', expectedVersion: 0, version: 2, row: { id: 'a', total: 3 }, lines: [] });
    await project(added('a', 2, 2));
    for (const name of ['g1', 'g2'])
      expect(await of(name).find('a')).toMatchObject({ version: 3, row: { total: 6 } });
  });

  it('acts on a state for the time of the cache, and for each batch anew after it', async () => {
    const { of, store, project, pass } = await setUp(
      [added('a', 1, 1), added('a', 2, 2), added('a', 3, 3)],
      first,
    );
    await project(added('a', 1, 1));
    store.put('tally', both);
    pass(generationCacheMs - 1);
    await project(added('a', 2, 2));
    expect(await of('g2').find('a')).toBeUndefined();
    pass(1);
    await project(added('a', 3, 3));
    expect(await of('g2').find('a')).toMatchObject({ version: 3, row: { total: 6 } });
  });

  it('updates the active generation while an outage stops another, and reports the streams as failed', async () => {
    const { of, project, parked } = await setUp([]);
    of('g2').fault = () => throttled;
    expect(await project(added('a', 1, 1))).toEqual({ projected: 0, parked: [], failed: ['counter/a'] });
    expect(await of('g1').find('a')).toMatchObject({ version: 1 });
    of('g2').fault = undefined;
    expect(await project(added('a', 1, 1))).toEqual({ projected: 1, parked: [], failed: [] });
    expect([of('g1').saves, await of('g2').find('a'), await parked()]).toMatchObject([1, { version: 1 }, []]);
  });

  it('does not try others with what an outage of the active one stopped', async () => {
    const { of, project } = await setUp([]);
    of('g1').fault = (id) => (id === 'a' ? throttled : undefined);
    expect(await project(added('a', 1, 1), added('b', 1, 1))).toMatchObject({
      projected: 1,
      failed: ['counter/a'],
    });
    expect([await of('g2').find('a'), await of('g2').find('b')]).toMatchObject([undefined, { version: 1 }]);
  });

  it('parks a stream once if only a generation that is not active cannot be written', async () => {
    const { of, project, parked, counts } = await setUp([added('a', 1, 1), added('a', 2, 1)]);
    of('g2').fault = (id) => (id === 'a' ? new TypeError('odd') : undefined);
    expect(await project(added('a', 1, 1), added('b', 1, 1))).toEqual({
      projected: 1,
      parked: ['counter/a'],
      failed: [],
    });
    expect(await parked()).toMatchObject([
      { subject: 'counter/a', reason: 'In a generation that is not active: odd', version: 1 },
    ]);
    expect(counts).toEqual({ Parked: 1 });
    // The active generation goes on, and the entry stays although its row is complete.
    await project(added('a', 2, 1));
    expect(await of('g1').find('a')).toMatchObject({ version: 2 });
    expect(await parked()).toHaveLength(1);
  });

  it('parks a stream once that no generation can fold, with the reason alone', async () => {
    const { of, project, parked, counts } = await setUp([]);
    for (const name of ['g1', 'g2']) of(name).fault = () => new TypeError('odd');
    expect(await project(added('a', 1, 1))).toMatchObject({ parked: ['counter/a'] });
    expect([await parked(), counts]).toMatchObject([[{ reason: 'odd' }], { Parked: 1 }]);
  });

  it('releases a parked stream only when every generation is complete', async () => {
    const { of, store, project, projector, parked, pass } = await setUp([added('a', 1, 1), added('a', 2, 1)]);
    of('g2').fault = () => new TypeError('odd');
    await project(added('a', 1, 1));
    expect(await projector.redrive(10)).toMatchObject({ projected: 0, changed: 0, parked: ['counter/a'] });
    of('g2').fault = undefined;
    await project(added('a', 2, 1));
    expect(await of('g2').find('a')).toMatchObject({ version: 2 });
    expect(await parked()).toEqual([]);
    // A generation that is discarded holds no stream in the parking lot.
    of('g2').fault = () => new TypeError('odd');
    await project(added('b', 1, 1));
    expect(await parked()).toHaveLength(1);
    store.put('tally', { ...first, revision: 3, last: 2, removing: [{ generation: 'g2', since: at }] });
    pass(generationCacheMs);
    expect(await projector.redrive(10)).toMatchObject({ projected: 1, changed: 0, unchanged: 1 });
    expect(await parked()).toEqual([]);
  });

  it('says how many streams a redrive has changed', async () => {
    const { projector, project, parkingLot, of } = await setUp([added('a', 1, 1), added('b', 1, 1)]);
    await project(added('a', 1, 1));
    for (const id of ['a', 'b'])
      await parkingLot.park({ consumer: 'tally', subject: `counter/${id}`, reason: 'odd', version: 1 });
    expect(await projector.redrive(10)).toEqual({
      projected: 2,
      changed: 1,
      unchanged: 1,
      parked: [],
      failed: [],
    });
    expect(of('g1').saves).toBe(2);
  });

  it.each([
    ['is no state', { active: 'g2' }],
    ['is for a person only', 'g2'],
    ['names a generation twice', { ...both, active: 'g2' }],
  ])('writes, parks and loses nothing while the item %s', async (_name, item) => {
    const { store, of, project, projector, parked, pass, warnings, counts } = await setUp([added('a', 1, 1)]);
    store.put('tally', item);
    pass(generationCacheMs);
    expect(await project(added('a', 1, 1))).toEqual({ projected: 0, parked: [], failed: ['counter/a'] });
    expect([await of('g1').find('a'), await parked(), counts]).toEqual([undefined, [], {}]);
    expect(String(warnings)).toContain('The item generations/tally of the control table is no state');
    await expect(projector.redrive(10)).rejects.toThrow('generations/tally');
    store.put('tally', both);
    expect(await project(added('a', 1, 1))).toMatchObject({ projected: 1 });
  });
});
