import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Commit } from './commit.ts';
import { MemoryEventLog } from './memory/memory-event-log.ts';
import { MemoryParkingLot } from './memory/memory-parking-lot.ts';
import { MemoryReadModel } from './memory/memory-read-model.ts';
import { Projector } from './projector.ts';
import type { RowChange } from './read-model.ts';
import { updatesByStream } from './stream-updates.ts';
import { commitAt } from './testing/commits.fixture.ts';
import type { CounterEvent } from './testing/counter.fixture.ts';
import { countingObserver } from './testing/counting-observer.fixture.ts';
import { type Line, type Tally, tallyProjection } from './testing/read-model.contract.ts';
import { simulatedEffects } from './testing/simulated-effects.ts';

function added(id: string, version: number, ...amounts: readonly (number | string)[]): Commit {
  const events = amounts.map((amount, index) => ({
    id: `${id}-${version + index}`,
    type: 'Counter:Added',
    schemaVersion: 1,
    data: { amount },
  }));
  return commitAt(`counter/${id}`, version, 1, { events });
}

const updatesOf = (commits: readonly Commit[]) =>
  updatesByStream(commits.map((commit) => ({ ...commit, count: commit.events.length })));

async function setUp(logged: readonly Commit[] = []) {
  const log = new MemoryEventLog();
  for (const commit of logged) await log.append([commit]);
  const readModel = new CountingReadModel(tallyProjection);
  const parkingLot = new MemoryParkingLot();
  const { observer, counts } = countingObserver();
  const effects = simulatedEffects();
  const options = {
    projection: tallyProjection,
    log,
    readModel,
    parkingLot,
    observer,
    effects,
  };
  const projector = new Projector<CounterEvent, Tally, Line>(options);
  const project = (commits: readonly Commit[]) => projector.project(updatesOf(commits));
  const parkedSubjects = async () =>
    (await parkingLot.list('tally', { limit: 10 })).map(({ subject }) => subject);
  return { log, readModel, parkingLot, projector, project, parkedSubjects, counts, effects };
}

class CountingReadModel extends MemoryReadModel<Tally, Line> {
  saves = 0;
  beforeSave: () => Promise<void> = async () => undefined;
  onSave: (change: RowChange<Tally, Line>) => void = () => undefined;

  override async save(change: RowChange<Tally, Line>) {
    this.saves += 1;
    await this.beforeSave();
    this.onSave(change);
    return super.save(change);
  }
}

const linesOf = async (readModel: MemoryReadModel<Tally, Line>) =>
  (await readModel.lines('a', { order: 'descending', limit: 100 })).lines;

describe('the projector', () => {
  it('writes each row once per batch, for any number of commits', async () => {
    const { readModel, project } = await setUp();
    const batch = [added('a', 1, 1), added('b', 1, 10), added('a', 2, 2, 3), added('a', 4, 4)];
    expect(await project(batch)).toEqual({ projected: 2, parked: [], failed: [] });
    expect(readModel.saves).toBe(2);
    expect(await readModel.find('a')).toEqual({ version: 4, row: { id: 'a', total: 10 } });
    expect((await linesOf(readModel)).map(({ line }) => line.amount)).toEqual([4, 3, 2, 1]);
  });

  it('skips commits that the row already reflects', async () => {
    const commits = [added('a', 1, 1), added('a', 2, 2)];
    const { log, readModel, project } = await setUp(commits);
    log.read = () => {
      throw new Error('The log is not needed.');
    };
    const done = { projected: 1, parked: [], failed: [] };
    expect(await project(commits)).toEqual(done);
    expect(await project(commits)).toEqual(done);
    expect(await project([added('a', 1, 1)])).toEqual(done);
    expect(readModel.saves).toBe(1);
    expect(await project([added('a', 3, 3), ...commits, added('a', 3, 3)])).toEqual(done);
    expect(readModel.saves).toBe(2);
    expect(await readModel.find('a')).toMatchObject({ version: 3, row: { total: 6 } });
  });

  it('reads missing commits from the log', async () => {
    const commits = [added('a', 1, 1), added('a', 2, 2), added('a', 3, 3)];
    const { readModel, project } = await setUp(commits);
    await project(commits.slice(2));
    expect(await readModel.find('a')).toMatchObject({ version: 3, row: { total: 6 } });
  });

  it('handles a commit without its events as a notification', async () => {
    const commit = added('a', 1, 1, 2, 3);
    const { readModel, projector } = await setUp([commit]);
    await projector.project(updatesByStream([{ ...commit, events: [], count: 3 }]));
    expect(await readModel.find('a')).toMatchObject({ version: 3, row: { total: 6 } });
  });

  it('loads the row again when another projector has changed it', async () => {
    const commits = [added('a', 1, 1), added('a', 2, 2)];
    const { log, readModel, project, parkingLot } = await setUp(commits);
    const rival = new Projector<CounterEvent, Tally, Line>({
      projection: tallyProjection,
      log,
      readModel,
      parkingLot,
      effects: simulatedEffects(),
    });
    readModel.beforeSave = async () => {
      readModel.beforeSave = async () => undefined;
      await rival.project(updatesOf(commits.slice(0, 1)));
    };
    expect(await project(commits)).toMatchObject({ projected: 1 });
    expect(await readModel.find('a')).toMatchObject({ version: 2, row: { total: 3 } });
    expect(await linesOf(readModel)).toHaveLength(2);
  });

  it('parks a stream that cannot be folded and goes on with the others', async () => {
    const odd = [added('odd', 1, 1), added('odd', 2, 'two')];
    const { readModel, project, parkingLot, counts } = await setUp(odd);
    const result = await project([...odd, added('a', 1, 1)]);
    expect(result).toEqual({ projected: 1, parked: ['counter/odd'], failed: [] });
    expect(counts).toEqual({ Parked: 1 });
    expect(await readModel.find('a')).toMatchObject({ version: 1 });
    expect(await parkingLot.list('tally', { limit: 9 })).toMatchObject([
      { subject: 'counter/odd', reason: 'An amount is a number.', version: 2 },
    ]);
  });

  it('parks a stream whose record names a version that the log does not have', async () => {
    const { project, parkedSubjects, readModel } = await setUp([added('a', 1, 1)]);
    expect(await project([added('a', 5, 1)])).toMatchObject({ parked: ['counter/a'] });
    expect(await parkedSubjects()).toEqual(['counter/a']);
    expect(await readModel.find('a')).toMatchObject({ version: 1 });
  });

  it('catches up on a long history in steps, and saves after each', async () => {
    const commits = Array.from({ length: 6 }, (_, index) =>
      added('a', index * 900 + 1, ...Array(900).fill(1)),
    );
    const { readModel, project } = await setUp(commits);
    const versions: number[] = [];
    readModel.onSave = ({ version }) => versions.push(version);
    await project(commits.slice(-1));
    expect(versions).toEqual([1_800, 3_600, 5_400]);
    expect(await readModel.find('a')).toMatchObject({ version: 5_400, row: { total: 5_400 } });
  });

  it('uses the log if a record cannot be folded', async () => {
    const { project, readModel } = await setUp([added('a', 1, 1)]);
    expect(await project([added('a', 1, 'one')])).toMatchObject({ projected: 1 });
    expect(await readModel.find('a')).toMatchObject({ row: { total: 1 } });
  });

  it('releases a parked stream when a later record is projected', async () => {
    const commits = [added('a', 1, 1), added('a', 2, 2)];
    const { project, parkingLot, parkedSubjects } = await setUp(commits);
    await parkingLot.park({ consumer: 'tally', subject: 'counter/a', reason: 'timed out', version: 1 });
    await project(commits.slice(1));
    expect(await parkedSubjects()).toEqual([]);
  });

  it('redrives parked streams from the log and keeps those that still fail', async () => {
    const { projector, parkingLot, parkedSubjects, readModel } = await setUp([
      added('a', 1, 1),
      added('b', 1, 'x'),
    ]);
    await parkingLot.park({ consumer: 'tally', subject: 'counter/a', reason: 'timed out', version: 1 });
    await parkingLot.park({ consumer: 'tally', subject: 'counter/b', reason: 'timed out', version: 1 });
    await parkingLot.park({ consumer: 'tally', subject: 'record 17', reason: 'The record is not JSON.' });
    await projector.redrive(10);
    expect(await readModel.find('a')).toMatchObject({ version: 1 });
    expect(await parkedSubjects()).toEqual(['counter/b', 'record 17']);
  });

  it.each(['redriven', 'projected'])(
    'keeps a later version parked that is parked while the stream is %s',
    async (how) => {
      const commits = [added('a', 1, 1), added('a', 2, 2)];
      const { projector, project, parkingLot, readModel } = await setUp(commits);
      const park = (version: number) =>
        parkingLot.park({ consumer: 'tally', subject: 'counter/a', reason: 'odd', version });
      await park(2);
      // Another process finds that version 3 cannot be folded.
      readModel.beforeSave = () => park(3);
      if (how === 'redriven') await projector.redrive(10);
      else await project(commits.slice(1));
      expect(await parkingLot.list('tally', { limit: 10 })).toMatchObject([{ version: 3 }]);
    },
  );

  it('redrives as many parked streams as it may, also more than one page of them', async () => {
    const { projector, parkingLot } = await setUp();
    for (let index = 0; index < 250; index += 1) {
      await parkingLot.park({
        consumer: 'tally',
        subject: `counter/${index}`,
        reason: 'timed out',
        version: 0,
      });
    }
    const left = async () => (await parkingLot.list('tally', { limit: 1_000 })).length;
    expect(await projector.redrive(210)).toMatchObject({ projected: 210, next: expect.any(String) });
    expect(await left()).toBe(40);
    expect(await projector.redrive(210)).not.toHaveProperty('next');
    expect(await left()).toBe(0);
  });

  it('redrives those behind streams that stay parked, if it continues after the last one', async () => {
    const streams = ['a', 'b', 'c', 'd'];
    const { projector, parkingLot, parkedSubjects } = await setUp([
      ...['a', 'b'].map((id) => added(id, 1, 'x')),
      ...['c', 'd'].map((id) => added(id, 1, 1)),
    ]);
    for (const id of streams) {
      await parkingLot.park({ consumer: 'tally', subject: `counter/${id}`, reason: 'timed out', version: 1 });
    }
    const first = await projector.redrive(2);
    expect(first).toMatchObject({ projected: 0, parked: ['counter/a', 'counter/b'], next: 'counter/b' });
    expect(await projector.redrive(3, first.next)).toEqual({
      projected: 2,
      changed: 2,
      unchanged: 0,
      parked: [],
      failed: [],
    });
    expect(await parkedSubjects()).toEqual(['counter/a', 'counter/b']);
    await expect(projector.redrive(2, 'ledger/a')).rejects.toThrow('begins with counter/');
  });

  it('retries a stream that fails temporarily, and reports one that could not be parked', async () => {
    const { projector, readModel, parkingLot, project, counts } = await setUp();
    let failures = 2;
    readModel.beforeSave = async () => {
      failures -= 1;
      if (failures >= 0) throw Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
    };
    expect(await project([added('a', 1, 1)])).toMatchObject({ projected: 1, parked: [] });
    failures = Infinity;
    parkingLot.park = async () => {
      throw Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
    };
    expect(await projector.project(updatesOf([added('b', 1, 1)]))).toMatchObject({ failed: ['counter/b'] });
    expect(counts).toEqual({});
  });

  it('reports a stream whose row others keep changing, and does not park it', async () => {
    const { readModel, project, parkedSubjects, effects } = await setUp([added('a', 1, 1)]);
    let saves = 0;
    readModel.save = async () => {
      saves += 1;
      return 'stale';
    };
    expect(await project([added('a', 1, 1)])).toEqual({ projected: 0, parked: [], failed: ['counter/a'] });
    expect(await parkedSubjects()).toEqual([]);
    expect([saves, effects.delays.length]).toEqual([5, 4]);
  });

  it('makes the number of attempts in its options', async () => {
    const { log, readModel, parkingLot, effects } = await setUp([added('a', 1, 1)]);
    const options = { projection: tallyProjection, log, readModel, parkingLot, effects };
    const projector = new Projector<CounterEvent, Tally, Line>({ ...options, retry: { maxAttempts: 2 } });
    readModel.save = async () => 'stale';
    expect(await projector.project(updatesOf([added('a', 1, 1)]))).toMatchObject({ failed: ['counter/a'] });
    expect(effects.delays).toHaveLength(1);
  });

  it('produces the same row as a fold of the log, for any duplicates, order and batches', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 }), {
          minLength: 1,
          maxLength: 12,
        }),
        fc.infiniteStream(fc.nat(1_000)),
        async (amounts, random) => {
          const next = () => random.next().value ?? 0;
          let version = 1;
          const commits = amounts.map((each) => {
            const commit = added('a', version, ...each);
            version += each.length;
            return commit;
          });
          const { project, readModel } = await setUp(commits);
          const deliveries = [...commits, ...commits.filter(() => next() % 2 === 0)]
            .map((commit) => ({ commit, at: next() }))
            .sort((a, b) => a.at - b.at)
            .map(({ commit }) => commit);
          while (deliveries.length > 0) await project(deliveries.splice(0, 1 + (next() % 4)));
          const total = amounts.flat().reduce((sum, amount) => sum + amount, 0);
          expect(await readModel.find('a')).toEqual({ version: version - 1, row: { id: 'a', total } });
          expect(await linesOf(readModel)).toHaveLength(version - 1);
        },
      ),
      { numRuns: 60 },
    );
  });
});
