import { describe, expect, it } from '@jest/globals';
import { savedOnTheWayEvents } from './hydrator.ts';
import { MemorySnapshotStore } from './memory/memory-snapshot-store.ts';
import type { SnapshotStore } from './snapshot-store.ts';
import { counter } from './testing/counter.fixture.ts';
import { codeOf, commitsOf, counterHandler, InterruptedLog } from './testing/counter-handler.fixture.ts';

const stream = 'counter/a';

/** A counter with four commits of 1, the second under the key `once`, and a snapshot at version 4. */
async function withSnapshot() {
  const snapshots = new MemorySnapshotStore();
  const { log, add } = counterHandler({ snapshots, snapshotThreshold: 4 });
  await add('a', 1);
  await add('a', 1, { commandId: 'once' });
  await add('a', 1);
  await add('a', 1);
  const snapshot = await snapshots.load(stream);
  if (snapshot === undefined) throw new Error('No snapshot was taken.');
  const commands = Buffer.from(snapshot.commands);
  const json = (more: object = {}) => ({ ...snapshot, commands: commands.toString('base64'), ...more });
  return { snapshots, log, commands, json };
}

type Setup = Awaited<ReturnType<typeof withSnapshot>>;

const base64 = (bytes: Buffer) => ({ commands: bytes.toString('base64') });
const damages: readonly [string, (setup: Setup) => object | string][] = [
  ['is not JSON', () => '{'],
  ['has a state that is null', ({ json }) => json({ state: null })],
  ['has a state that is a list', ({ json }) => json({ state: [] })],
  ['has a state of another shape', ({ json }) => json({ state: { sum: 4 } })],
  ['has a total of another type', ({ json }) => json({ state: { status: 'open', total: '4' } })],
  [
    'has a state that the decider does not know',
    ({ json }) => json({ state: { status: 'unknown', total: 4 } }),
  ],
  ['has no version', ({ json }) => json({ version: null })],
  ['has a fractional version', ({ json }) => json({ version: 3.5 })],
  [
    'has a version after the end of the log',
    ({ json }) => json({ version: 9, state: { status: 'open', total: 9 } }),
  ],
  ['has no state version', ({ json }) => json({ stateVersion: null })],
  ['has no time', ({ json }) => json({ committedAt: '' })],
  ['has no commands', ({ json }) => json(base64(Buffer.alloc(0)))],
  ['has commands without their end', ({ json, commands }) => json(base64(commands.subarray(0, -14)))],
  ['has commands torn inside an entry', ({ json, commands }) => json(base64(commands.subarray(0, -1)))],
];

describe('a snapshot that cannot be used', () => {
  it.each(damages)('fails no command if it %s', async (_name, damage) => {
    const setup = await withSnapshot();
    const { snapshots, log } = setup;
    const damaged = damage(setup);
    snapshots.damage(stream, typeof damaged === 'string' ? damaged : JSON.stringify(damaged));
    const warnings: string[] = [];
    const { add } = counterHandler({ log, snapshots, snapshotThreshold: 4, warnings });
    expect(await add('a', 1, { commandId: 'once' })).toMatchObject({ outcome: 'repeated', version: 2 });
    expect(await add('a', 1)).toMatchObject({ outcome: 'committed', version: 5, answer: { total: 5 } });
    expect(warnings).toEqual(['A snapshot cannot be used. The stream is read from the log instead.']);
    // A good one has replaced it.
    expect(await snapshots.load(stream)).toMatchObject({ version: 5, state: { total: 5 } });
    const later = counterHandler({ log, snapshots, warnings });
    expect(await later.add('a', 1)).toMatchObject({ version: 6 });
    expect(warnings).toHaveLength(1);
  });

  it('fails no command if it ends inside a commit', async () => {
    const snapshots = new MemorySnapshotStore();
    const { log, handler, add } = counterHandler({ snapshots, snapshotThreshold: 3 });
    const command = { type: 'Add', amount: 1, times: 3 } as const;
    const request = { commandId: 'c', intent: 1, correlationId: 'x', now: '2026-05-01T10:00:00.000Z' };
    await handler.handle([{ id: 'a', command }], request);
    await add('a', 1);
    const snapshot = await snapshots.load(stream);
    await snapshots.save({ ...(snapshot as NonNullable<typeof snapshot>), version: 2 }, { replace: true });
    expect(await counterHandler({ log, snapshots }).add('a', 1)).toMatchObject({ version: 5 });
  });

  it.each([
    'ThrottlingException',
    'TimeoutError',
    'ResourceNotFoundException',
    'AccessDeniedException',
    'Error',
  ])('fails no command if its store throws %s', async (name) => {
    const { log } = await withSnapshot();
    const down = async () => {
      throw Object.assign(new Error('x'), { name });
    };
    const snapshots: SnapshotStore = { load: down, save: down };
    const { add } = counterHandler({ log, snapshots, snapshotThreshold: 1 });
    expect(await add('a', 1)).toMatchObject({ version: 5, answer: { total: 5 } });
    expect(await add('a', 1, { commandId: 'once' })).toMatchObject({ outcome: 'repeated', version: 2 });
  });

  it('fails no command if evolve throws for its state', async () => {
    const { snapshots, log, json } = await withSnapshot();
    const beyond = counterHandler({ log });
    await beyond.add('a', 1);
    snapshots.damage(stream, JSON.stringify(json({ state: { status: 'closed', total: 4 } })));
    const evolve: typeof counter.evolve = (state, event) => {
      if (state.status !== 'open') throw new TypeError('x');
      return counter.evolve(state, event);
    };
    const { add } = counterHandler({ log, snapshots, evolve });
    expect(await add('a', 1)).toMatchObject({ version: 6, answer: { total: 6 } });
  });

  it('does not hide a fault of the log', async () => {
    const { snapshots } = await withSnapshot();
    const log = new InterruptedLog();
    const throttled = Object.assign(new Error('x'), { name: 'ThrottlingException' });
    let reads = 0;
    log.beforeRead = async () => {
      reads += 1;
      throw throttled;
    };
    await expect(counterHandler({ log, snapshots }).add('a', 1)).rejects.toBe(throttled);
    expect(reads).toBe(1);
  });
});

/** A log that is cut off after some commits of each read. */
class CutOffLog extends InterruptedLog {
  commitsPerRead = Number.POSITIVE_INFINITY;
  readonly reads: (number | undefined)[] = [];

  override async *read(...args: Parameters<InterruptedLog['read']>) {
    this.reads.push(args[1]?.fromVersion);
    let left = this.commitsPerRead;
    for await (const page of super.read(args[0], { ...args[1], pageSize: 1 })) {
      if (left === 0) throw new Error('The process is out of time.');
      left -= 1;
      yield page;
    }
  }
}

describe('hydrating a long stream', () => {
  const perCommit = savedOnTheWayEvents / 4;

  async function longStream(snapshots = new MemorySnapshotStore()) {
    const log = new CutOffLog();
    const { handler } = counterHandler({ log, snapshots, snapshotThreshold: 100_000 });
    for (let index = 0; index < 10; index += 1) {
      const command = { type: 'Add', amount: 1, times: perCommit } as const;
      const more = { commandId: `c${index}`, intent: index, correlationId: 'x' };
      await handler.handle([{ id: 'a', command }], { ...more, now: '2026-05-01T10:00:00.000Z' });
    }
    log.reads.length = 0;
    return { log, snapshots };
  }

  it('saves on the way, so that a hydration that is cut off goes on from there', async () => {
    const { log, snapshots } = await longStream();
    log.commitsPerRead = 6;
    const attempt = () =>
      counterHandler({ log, snapshots, stateVersion: 2, snapshotThreshold: 100_000 }).add('a', 1);
    await expect(attempt()).rejects.toThrow('out of time');
    expect(await snapshots.load(stream)).toMatchObject({ stateVersion: 2, version: 4 * perCommit });
    await expect(attempt()).rejects.toThrow('out of time');
    expect(await attempt()).toMatchObject({
      version: 10 * perCommit + 1,
      answer: { total: 10 * perCommit + 1 },
    });
    expect(log.reads).toEqual([1, 3 * perCommit + 1, 7 * perCommit + 1]);
    expect(await snapshots.load(stream)).toMatchObject({ version: 8 * perCommit });
  });

  it('also saves when a state kept in memory is far behind', async () => {
    const snapshots = new MemorySnapshotStore();
    const log = new CutOffLog();
    const behind = counterHandler({ log, snapshots, snapshotThreshold: 100_000 });
    await behind.add('a', 1);
    const { handler } = counterHandler({ log, snapshots, snapshotThreshold: 100_000 });
    const command = { type: 'Add', amount: 1, times: perCommit } as const;
    for (let index = 0; index < 5; index += 1) {
      const more = { commandId: `c${index}`, intent: index, correlationId: 'x' };
      await handler.handle([{ id: 'a', command }], { ...more, now: '2026-05-01T10:00:00.000Z' });
    }
    expect(await behind.add('a', 1)).toMatchObject({ version: 5 * perCommit + 2 });
    expect(await snapshots.load(stream)).toMatchObject({ version: 4 * perCommit + 1 });
  });

  it('succeeds without saving, and stops trying after one failure, if the store is down', async () => {
    const { log } = await longStream();
    let saves = 0;
    const snapshots: SnapshotStore = {
      load: async () => undefined,
      save: async () => {
        saves += 1;
        throw new Error('throttled');
      },
    };
    const { add } = counterHandler({ log, snapshots, snapshotThreshold: 100_000 });
    expect(await add('a', 1)).toMatchObject({ version: 10 * perCommit + 1 });
    expect(saves).toBe(1);
    expect(await codeOf(add('a', 1))).toBeUndefined();
    expect(await commitsOf(log, 'a')).toHaveLength(12);
  });
});
