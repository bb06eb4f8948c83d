import { describe, expect, it } from '@jest/globals';
import { CommandHandler } from './command-handler.ts';
import { chainStart, commitHash, sealed } from './commit-hash.ts';
import { type CommitItem, fromItem, toItem } from './dynamodb/commit-item.ts';
import { freshRow } from './fresh-row.ts';
import { MemorySnapshotStore } from './memory/memory-snapshot-store.ts';
import { unsealed } from './testing/commits.fixture.ts';
import { type CounterState, counter, counterEvents } from './testing/counter.fixture.ts';
import { codeOf, commitsOf, request } from './testing/counter-handler.fixture.ts';
import { countingObserver } from './testing/counting-observer.fixture.ts';
import { simulatedEffects } from './testing/simulated-effects.ts';
import { type Change, TamperedLog } from './testing/tampered-log.fixture.ts';
import { stateAt } from './time-travel.ts';

const keys = { partitionKey: 'stream', sortKey: 'version' };
const stream = 'counter/a';
const later = [{ id: 'x', type: 'Counter:Added', schemaVersion: 1, data: { amount: 1_000 } }];

/** A log with six commits of 1 on one stream, and a snapshot at version 4 if `snapshotThreshold` is 4. */
async function setUp(snapshotThreshold = 100) {
  const log = new TamperedLog();
  const snapshots = new MemorySnapshotStore();
  const { observer, counts } = countingObserver();
  const process = () => {
    const handler = new CommandHandler({
      ...{ log, snapshots, observer, snapshotThreshold, events: counterEvents, decider: counter },
      answer: ({ total }: CounterState) => ({ total }),
      effects: simulatedEffects(),
    });
    return (amount = 1) => handler.handle([{ id: 'a', command: { type: 'Add', amount } }], request());
  };
  const warm = process();
  for (let commits = 0; commits < 6; commits += 1) await warm();
  return { log, snapshots, process, warm, counts };
}

const at = (version: number, change: (item: CommitItem) => CommitItem | undefined): Change => {
  const isMeant = (item: CommitItem) => item['version']?.N === `${version}`;
  return (items) =>
    items.map((item) => (isMeant(item) ? change(item) : item)).filter((item) => item !== undefined);
};
const overwritten = (item: CommitItem) => ({ ...item, events: { S: JSON.stringify(later) } });
/** With a hash that fits, as somebody stores it who knows how hashes are made. */
const recomputed = (item: CommitItem) => {
  const { previousHash, ...commit } = fromItem(item, keys);
  const events = JSON.stringify(later);
  return { ...overwritten(item), hash: { S: commitHash({ ...commit, previousHash, count: 1, events }) } };
};
const stripped = (item: CommitItem) => toItem({ ...unsealed(fromItem(item, keys)), events: later }, keys);

const changes: readonly [string, Change][] = [
  ['is overwritten', at(3, overwritten)],
  ['is overwritten, with its hash', at(3, recomputed)],
  ['is overwritten by one without a hash', at(3, stripped)],
  ['is removed', at(3, () => undefined)],
  ['is removed at the start', at(1, () => undefined)],
  ['starts a chain of its own', at(3, (item) => toItem(sealed(fromItem(item, keys), undefined), keys))],
  [
    'is replaced by one of another place',
    (items) =>
      items.map((item, index) => ({ ...(index === 2 ? items[4] : item), version: { N: `${index + 1}` } })),
  ],
  [
    'is inserted and the later ones moved',
    (items) =>
      [...items, ...items.slice(-1)].map((item, index) => ({ ...item, version: { N: `${index + 1}` } })),
  ],
];

describe('a log in which a commit', () => {
  it.each(changes)('%s stops commands, and answers no question', async (_name, change) => {
    const { log, process, counts } = await setUp();
    log.change = change;
    const before = { ...counts };
    expect(await codeOf(process()())).toBe('log-changed');
    expect(counts).toEqual({ ...before, LogChanged: 1 });
    const fold = { initial: 0, apply: (sum: number) => sum + 1 };
    expect(await codeOf(stateAt({ log }, counterEvents, stream, { version: 6 }, fold))).toBe('log-changed');
    const readModel = { find: async () => undefined, generation: async () => 'g1' };
    const projection = { ...counter, events: counterEvents, project: () => ({ row: {} }) };
    expect(await codeOf(freshRow({ log, readModel }, projection as never, 'a'))).toBe('log-changed');
  });

  it('is sound stops nothing', async () => {
    const { process, counts } = await setUp();
    expect(await process()()).toMatchObject({ version: 7 });
    expect(counts).not.toHaveProperty('LogChanged');
  });
});

describe('hydrating from a snapshot', () => {
  it.each([
    ['the commit at its end, whose hash stays', at(4, overwritten)],
    ['the commit at its end, with its hash', at(4, recomputed)],
    ['the commit at its end, without a hash', at(4, stripped)],
    ['the commit after it', at(5, recomputed)],
    ['the commit that removed the end of the log', (items: CommitItem[]) => items.slice(0, 3)],
    ['all of the log', () => []],
  ])('notices a change of %s', async (_name, change) => {
    const { log, process, snapshots } = await setUp(4);
    const snapshot = await snapshots.load(stream);
    expect(snapshot).toMatchObject({ version: 4, hash: (await commitsOf(log, 'a'))[3]?.hash });
    log.change = change;
    expect(await codeOf(process()())).toBe('log-changed');
    expect(await snapshots.load(stream)).toStrictEqual(snapshot);
  });

  it('does not read, and so does not check, what is before it', async () => {
    const { log, process } = await setUp(4);
    log.change = at(2, overwritten);
    expect(await process()()).toMatchObject({ version: 7, answer: { total: 7 } });
  });

  it('notices a change of the last commit only by the snapshot', async () => {
    const { log, process } = await setUp();
    log.change = at(6, recomputed);
    expect(await process()()).toMatchObject({ version: 7, answer: { total: 1_006 } });
  });

  it.each([
    ['of an earlier release, without a hash', { hash: undefined }],
    ['with a wrong version, which is damaged', { version: 3 }],
    ['with text that is no hash, which is damaged', { hash: 'x' }],
  ])('uses a snapshot %s, or replaces it', async (_name, more) => {
    const { log, process, snapshots } = await setUp(4);
    const snapshot = await snapshots.load(stream);
    await snapshots.save({ ...(snapshot as NonNullable<typeof snapshot>), ...more }, { replace: true });
    expect(await process()()).toMatchObject({ version: 7, answer: { total: 7 } });
    const [sixth, seventh] = (await commitsOf(log, 'a')).slice(-2);
    expect(seventh?.previousHash).toBe(sixth?.hash);
  });
});

describe('the chain of a stream', () => {
  it('links each commit to the one before, whichever process appends', async () => {
    const { log, process, warm } = await setUp(4);
    await process()();
    await warm();
    const commits = await commitsOf(log, 'a');
    expect(commits.map(({ previousHash }) => previousHash)).toEqual([
      chainStart(stream, 1),
      ...commits.slice(0, -1).map(({ hash }) => hash),
    ]);
  });

  it('begins after the commits of an earlier release, also between two of this one', async () => {
    const { log, process, warm } = await setUp();
    const last = (await commitsOf(log, 'a')).at(-1);
    if (last === undefined) throw new Error('There is no commit.');
    await log.append([{ ...unsealed(last), version: 7 }]);
    await warm();
    await process()();
    const [seventh, eighth, ninth] = (await commitsOf(log, 'a')).slice(-3);
    expect(seventh).not.toHaveProperty('hash');
    expect(eighth?.previousHash).toBe(chainStart(stream, 8));
    expect(ninth?.previousHash).toBe(eighth?.hash);
  });

  it('notices, with a state in memory, that the next commit continues another one', async () => {
    const { log, process, warm, counts } = await setUp();
    const other = process();
    await other();
    log.change = at(7, (item) => toItem(sealed(fromItem(item, keys), 'x'.repeat(43)), keys));
    expect(await codeOf(warm())).toBe('log-changed');
    expect(counts).toMatchObject({ LogChanged: 1 });
  });
});
