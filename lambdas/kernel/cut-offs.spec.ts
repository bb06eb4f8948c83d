import { describe, expect, it } from '@jest/globals';
import { CommandHandler } from './command-handler.ts';
import type { Commit } from './commit.ts';
import { CommitClock } from './commit-clock.ts';
import type { AppendResult } from './event-log.ts';
import { MemoryEventLog } from './memory/memory-event-log.ts';
import { MemorySnapshotStore } from './memory/memory-snapshot-store.ts';
import { type CounterCommand, type CounterState, counter, counterEvents } from './testing/counter.fixture.ts';
import { codeOf, commitsOf, request } from './testing/counter-handler.fixture.ts';
import { countingObserver } from './testing/counting-observer.fixture.ts';
import { simulatedEffects } from './testing/simulated-effects.ts';

/** What happens to the request of an append that is cut off. `before next`: it is carried out right before the next append. */
type Fate = 'carried out' | 'before next' | 'not yet' | 'carried out, but reported as a conflict';

/** The first appends are cut off. `land` carries out those that were not carried out yet. */
class CuttingLog extends MemoryEventLog {
  readonly fates: Fate[] = [];
  readonly appended: (readonly Commit[])[] = [];
  afterCutOff: () => Promise<unknown> = async () => undefined;
  #underWay: (readonly Commit[])[] = [];
  #isNext = false;

  override async append(commits: readonly Commit[]): Promise<AppendResult> {
    if (this.#isNext) await this.land();
    this.appended.push(commits);
    const fate = this.fates.shift();
    if (fate === undefined) return super.append(commits);
    if (fate === 'carried out, but reported as a conflict') {
      await super.append(commits);
      return 'conflict';
    }
    if (fate === 'carried out') await super.append(commits);
    else this.#underWay.push(commits);
    this.#isNext = fate === 'before next';
    await this.afterCutOff();
    return 'unknown';
  }

  async land(): Promise<void> {
    this.#isNext = false;
    for (const commits of this.#underWay.splice(0)) await super.append(commits);
  }
}

function setUp(...fates: Fate[]) {
  const log = new CuttingLog();
  const { observer, counts } = countingObserver();
  const effects = simulatedEffects();
  const options = {
    ...{ log, effects, events: counterEvents, decider: counter, snapshotThreshold: 100 },
    snapshots: new MemorySnapshotStore(),
    answer: ({ total }: CounterState) => ({ total }),
  };
  const clock = new CommitClock(effects);
  const handler = new CommandHandler({ ...options, observer, clock });
  const rival = new CommandHandler(options);
  const addOf = (one: typeof handler) => (amount: number, commandId?: string) =>
    one.handle(
      [{ id: 'a', command: { type: 'Add', amount } }],
      request({ intent: ['add', amount], ...(commandId && { commandId }) }),
    );
  const events = Object.fromEntries(
    Object.entries(counterEvents).map(([type, { schema }]) => {
      const upcasters = [{ from: 1, upcast: (data: object) => data }];
      return [type, { schema, upcasters }];
    }),
  ) as unknown as typeof counterEvents;
  const newer = new CommandHandler({ ...options, events });
  const start = async () => {
    await addOf(rival)(5);
    log.appended.length = 0;
    log.fates.push(...fates);
  };
  return {
    log,
    counts,
    handler,
    start,
    effects,
    clock,
    add: addOf(handler),
    rivalAdd: addOf(rival),
    newerAdd: addOf(newer),
  };
}

const idsOf = (commits: readonly Commit[]) => commits.map(({ events }) => events[0]?.id);

describe('an append that is cut off', () => {
  it('is found if it was carried out: its own commit, not a repeated command', async () => {
    const { log, counts, start, add } = setUp('carried out');
    await start();
    expect(await add(1)).toEqual({
      outcome: 'committed',
      id: 'a',
      version: 2,
      created: false,
      answer: { total: 6 },
    });
    expect(log.appended).toHaveLength(1);
    expect(counts).toEqual({ CutOffs: 1, Commands: 1 });
  });

  it('is replaced at its place, with a new stamp and without a wait, and can then not be carried out', async () => {
    const { log, start, add, effects } = setUp('not yet');
    await start();
    log.afterCutOff = async () => {
      effects.clock.now = '2026-05-01T10:00:09.000Z';
    };
    expect(await add(1)).toMatchObject({ outcome: 'committed', version: 2, answer: { total: 6 } });
    await log.land();
    const commits = await commitsOf(log, 'a');
    expect(commits).toHaveLength(2);
    expect(commits.at(-1)?.committedAt).toBe('2026-05-01T10:00:09.000Z');
    expect(log.appended[0]?.[0]?.committedAt).toBe('2026-01-02T03:04:05.678Z');
    expect(effects.delays).toEqual([]);
  });

  it('is found if it is carried out while it is replaced', async () => {
    const { log, counts, start, add } = setUp('before next');
    await start();
    expect(await add(1)).toMatchObject({ outcome: 'committed', version: 2, answer: { total: 6 } });
    expect(idsOf(await commitsOf(log, 'a'))[1]).toBe(log.appended[0]?.[0]?.events[0]?.id);
    expect(counts).toEqual({ CutOffs: 1, Conflicts: 1, Commands: 1 });
  });

  it('is given up after the third, and a retry with the same key commits once', async () => {
    const { log, start, add } = setUp('not yet', 'not yet', 'not yet');
    await start();
    expect(await codeOf(add(1, 'key'))).toBe('unknown-outcome');
    expect(log.appended).toHaveLength(3);
    await log.land();
    expect(await add(1, 'key')).toMatchObject({ outcome: 'repeated', answer: { total: 6 } });
    expect(await commitsOf(log, 'a')).toHaveLength(2);
  });

  it('is found after the third', async () => {
    const { start, add } = setUp('not yet', 'not yet', 'carried out');
    await start();
    expect(await add(1)).toMatchObject({ outcome: 'committed' });
  });

  it('does not hide a refusal when another commit has its place', async () => {
    const { log, start, add, rivalAdd } = setUp('not yet');
    await start();
    log.afterCutOff = () => rivalAdd(-5);
    expect(await add(-1)).toMatchObject({ outcome: 'rejected' });
    await log.land();
    expect(await commitsOf(log, 'a')).toHaveLength(2);
  });

  it('makes a refusal unknown while it can still be carried out', async () => {
    const { log, start, handler, rivalAdd } = setUp('not yet');
    await start();
    const nothing: CounterCommand = { type: 'Add', amount: 0, times: 0 };
    const ofTotal = ([, a]: readonly CounterState[]): CounterCommand => ({
      type: 'Add',
      amount: (a?.total ?? 0) - 5,
    });
    const attempt = handler.handle(
      [
        { id: 'b', command: ofTotal },
        { id: 'a', command: nothing },
      ],
      request(),
    );
    log.afterCutOff = () => rivalAdd(-3);
    expect(await codeOf(attempt)).toBe('unknown-outcome');
  });

  it('makes a clock that is found to be off unknown while it can still be carried out', async () => {
    const { log, start, add, effects, clock } = setUp('not yet');
    await start();
    log.afterCutOff = async () => {
      const nowMs = Date.parse(effects.now());
      const date = new Date(nowMs + 3_600_000).toUTCString();
      clock.note({ sentMs: nowMs, receivedMs: nowMs, date });
    };
    expect(await codeOf(add(1, 'key'))).toBe('unknown-outcome');
    expect(await codeOf(add(1))).toBe('clock-off');
    await log.land();
    expect(await commitsOf(log, 'a')).toHaveLength(2);
  });

  it.each(['carried out', 'not yet'] as const)(
    'that was %s makes an event of newer code, which cannot be read, an unknown outcome',
    async (fate) => {
      const { log, start, add, newerAdd } = setUp(fate);
      await start();
      log.afterCutOff = () => newerAdd(3);
      expect(await codeOf(add(1, 'key'))).toBe('unknown-outcome');
      expect(await codeOf(add(1, 'other key'))).toBe('unreadable-event');
    },
  );

  it('does not hide a reused key when another commit has its place', async () => {
    const { log, start, add, rivalAdd } = setUp('not yet');
    await start();
    log.afterCutOff = () => rivalAdd(-2, 'key');
    expect(await codeOf(add(1, 'key'))).toBe('idempotency-key-reused');
  });

  it('is found if it is reported as a conflict with itself', async () => {
    const { counts, start, add } = setUp('carried out, but reported as a conflict');
    await start();
    expect(await add(1)).toMatchObject({ outcome: 'committed', version: 2, answer: { total: 6 } });
    expect(counts).toEqual({ Conflicts: 1, Commands: 1 });
  });

  it('is found on two streams', async () => {
    const { log, start, handler } = setUp('carried out');
    await start();
    const command = (amount: number): CounterCommand => ({ type: 'Add', amount });
    const moved = await handler.handle(
      [
        { id: 'a', command: command(-2) },
        { id: 'b', command: command(2) },
      ],
      request(),
    );
    expect(moved).toMatchObject({ outcome: 'committed', version: 2, answer: { total: 3 } });
    expect(await commitsOf(log, 'b')).toHaveLength(1);
    expect(log.appended).toHaveLength(1);
  });
});

describe('a clock that is off', () => {
  it('also refuses a command without events, which it may have decided wrongly', async () => {
    const { handler, effects, clock } = setUp();
    const close = () => handler.handle([{ id: 'a', command: { type: 'Close' } }], request());
    await close();
    expect(await close()).toMatchObject({ outcome: 'unchanged' });
    const nowMs = Date.parse(effects.now());
    clock.note({ sentMs: nowMs, receivedMs: nowMs, date: new Date(nowMs + 3_600_000).toUTCString() });
    expect(await codeOf(close())).toBe('clock-off');
  });
});
