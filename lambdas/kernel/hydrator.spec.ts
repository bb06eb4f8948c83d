import { describe, expect, it } from '@jest/globals';
import type { CommandResult } from './command-request.ts';
import { Hydrator } from './hydrator.ts';
import { MemoryEventLog } from './memory/memory-event-log.ts';
import { MemorySnapshotStore } from './memory/memory-snapshot-store.ts';
import { silentObserver } from './observer.ts';
import type { Snapshot, SnapshotStore } from './snapshot-store.ts';
import { counter, counterEvents } from './testing/counter.fixture.ts';
import { commitsOf, counterHandler } from './testing/counter-handler.fixture.ts';

describe('a state kept in memory', () => {
  it('is not used alone: later commits of other processes are read before deciding', async () => {
    const log = new MemoryEventLog();
    const [one, two] = [counterHandler({ log }), counterHandler({ log })];
    await one.add('a', 10);
    await two.add('a', -8, { commandId: 'elsewhere' });
    expect(await one.add('a', -5)).toMatchObject({ rejection: { code: 'counter/below-zero' } });
    expect(await one.add('a', -8, { commandId: 'elsewhere' })).toMatchObject({
      outcome: 'repeated',
      version: 2,
    });
    expect(await one.add('a', 1)).toMatchObject({ version: 3, answer: { total: 3 } });
  });

  it('replaces reading the snapshot and the earlier history', async () => {
    const log = new MemoryEventLog();
    const { add } = counterHandler({ log });
    await add('a', 1);
    await add('a', 1);
    const from: (number | undefined)[] = [];
    const read = log.read.bind(log);
    log.read = (stream, range) => {
      from.push(range?.fromVersion);
      return read(stream, range);
    };
    await add('a', 1);
    expect(from).toEqual([3]);
  });
});

describe('catching up with a known state', () => {
  it('does not change it: others may use it at the same time', async () => {
    const { log, snapshots, add } = counterHandler();
    const hydrator = new Hydrator({
      log,
      snapshots,
      events: counterEvents,
      decider: counter,
      snapshotThreshold: 100,
      observer: silentObserver,
    });
    await add('a', 1, { commandId: 'first' });
    const known = await hydrator.hydrate('counter/a');
    await add('a', 1, { commandId: 'second' });
    const newer = await hydrator.catchUp(known);
    expect(newer.commands.candidates('second')).toEqual([2]);
    const [, commit] = await commitsOf(log, 'a');
    if (commit) await hydrator.keep(known, newer.state, commit);
    expect(known).toMatchObject({ version: 1, state: { total: 1 } });
    expect(known.commands.candidates('first')).toEqual([1]);
    expect(known.commands.candidates('second')).toEqual([]);
  });
});

describe('snapshots', () => {
  it('are taken at the threshold and contain the same state', async () => {
    const { add, snapshots } = counterHandler({ snapshotThreshold: 3 });
    await add('a', 1);
    await add('a', 1);
    expect(await snapshots.load('counter/a')).toBeUndefined();
    await add('a', 1);
    expect(await snapshots.load('counter/a')).toMatchObject({ version: 3, state: { total: 3 } });
    expect(await add('a', 1)).toMatchObject({ version: 4, answer: { total: 4 } });
    expect(await snapshots.load('counter/a')).toMatchObject({ version: 3 });
  });

  it('of another state version are ignored and replaced', async () => {
    const { log, snapshots, add } = counterHandler({ snapshotThreshold: 2 });
    await add('a', 1);
    await add('a', 1);
    const stored = (await snapshots.load('counter/a')) as Snapshot;
    await snapshots.save({ ...stored, stateVersion: 9, state: { status: 'open', total: 999 } });
    expect(await counterHandler({ log, snapshots, snapshotThreshold: 2 }).add('a', 1)).toMatchObject({
      answer: { total: 3 },
    });
    expect(await snapshots.load('counter/a')).toMatchObject({ stateVersion: 1, version: 3 });
  });

  it('are taken only once by several processes', async () => {
    const log = new MemoryEventLog();
    const snapshots = new MemorySnapshotStore();
    const saved: number[] = [];
    const counted: SnapshotStore = {
      load: (stream) => snapshots.load(stream),
      save: async (snapshot) => {
        saved.push(snapshot.version);
        await snapshots.save(snapshot);
      },
    };
    const processes = [1, 2].map(() => counterHandler({ log, snapshots: counted, snapshotThreshold: 4 }));
    for (let round = 0; round < 5; round += 1) for (const { add } of processes) await add('a', 1);
    expect(saved).toEqual([4, 8]);
  });

  it('that cannot be written do not fail the command', async () => {
    const warnings: string[] = [];
    const snapshots: SnapshotStore = {
      load: async () => undefined,
      save: async () => {
        throw new Error('throttled');
      },
    };
    const { add } = counterHandler({ snapshots, snapshotThreshold: 1, warnings });
    const result: CommandResult<unknown> = await add('a', 1);
    expect(result).toMatchObject({ outcome: 'committed', version: 1 });
    expect(warnings).toHaveLength(1);
  });
});
