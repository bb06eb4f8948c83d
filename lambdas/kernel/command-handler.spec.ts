import { describe, expect, it } from '@jest/globals';
import { CommandHandler } from './command-handler.ts';
import type { CommandRequest, CommandResult } from './command-request.ts';
import type { Commit } from './commit.ts';
import type { EventSourcingErrorCode } from './errors.ts';
import type { AppendResult, EventLog } from './event-log.ts';
import { MemoryEventLog } from './memory/memory-event-log.ts';
import { MemorySnapshotStore } from './memory/memory-snapshot-store.ts';
import { silentObserver } from './observer.ts';
import type { RetryPolicy } from './retry.ts';
import type { SnapshotStore } from './snapshot-store.ts';
import { type CounterCommand, type CounterState, counter, counterEvents } from './testing/counter.fixture.ts';
import { simulatedEffects } from './testing/simulated-effects.ts';

const now = '2026-05-01T10:00:00.000Z';
let made = 0;

function request(more: Partial<CommandRequest> = {}): CommandRequest {
  made += 1;
  return { commandId: `command-${made}`, intent: 'test', correlationId: 'correlation', now, ...more };
}

interface Setup {
  log?: EventLog;
  snapshots?: SnapshotStore;
  snapshotThreshold?: number;
  stateVersion?: number;
  warnings?: string[];
  retry?: Partial<RetryPolicy>;
}

function setUp(options: Setup = {}) {
  const effects = simulatedEffects();
  const { log = new MemoryEventLog(), snapshots = new MemorySnapshotStore(), warnings = [] } = options;
  const handler = new CommandHandler({
    log,
    snapshots,
    events: counterEvents,
    decider: { ...counter, stateVersion: options.stateVersion ?? counter.stateVersion },
    answer: ({ total }: CounterState) => ({ total }),
    snapshotThreshold: options.snapshotThreshold ?? 100,
    effects,
    ...(options.retry && { retry: options.retry }),
    observer: { ...silentObserver, warn: (message) => warnings.push(message) },
  });
  const add = (id: string, amount: number, more: Partial<CommandRequest> = {}) =>
    handler.handle([{ id, command: { type: 'Add', amount } }], request({ intent: amount, ...more }));
  return { log, snapshots, handler, add, effects };
}

async function commitsOf(log: EventLog, id: string): Promise<Commit[]> {
  return (await Array.fromAsync(log.read(`counter/${id}`))).flat();
}

async function codeOf(promise: Promise<unknown>): Promise<EventSourcingErrorCode | undefined> {
  return promise.then(
    () => undefined,
    (error: { code: EventSourcingErrorCode }) => error.code,
  );
}

/** Does something right before every read or append: a rival's commit, a lost response. */
class InterruptedLog extends MemoryEventLog {
  beforeRead: (stream: string) => Promise<void> = async () => undefined;
  beforeAppend: (commits: readonly Commit[]) => Promise<void> = async () => undefined;

  override async append(commits: readonly Commit[]): Promise<AppendResult> {
    await this.beforeAppend(commits);
    return super.append(commits);
  }

  override async *read(...args: Parameters<MemoryEventLog['read']>) {
    await this.beforeRead(args[0]);
    yield* super.read(...args);
  }
}

describe('carrying out a command', () => {
  it('appends one commit with the context of the request and answers the new state', async () => {
    const { log, add, handler } = setUp();
    expect(await add('a', 5, { actor: 'tester', causationId: 'cause' })).toEqual({
      outcome: 'committed',
      id: 'a',
      version: 1,
      created: true,
      answer: { total: 5 },
    });
    const command: CounterCommand = { type: 'Add', amount: 1, times: 3 };
    const three = await handler.handle([{ id: 'a', command }], request());
    expect(three).toMatchObject({ version: 4, created: false, answer: { total: 8 } });
    const [first, second] = await commitsOf(log, 'a');
    expect(first).toMatchObject({
      version: 1,
      actor: 'tester',
      causationId: 'cause',
      correlationId: 'correlation',
    });
    expect(second?.version).toBe(2);
    expect(second?.events).toHaveLength(3);
  });

  it('writes nothing for a refused command and nothing where nothing is to be done', async () => {
    const { log, add, handler } = setUp();
    expect(await add('a', -1)).toMatchObject({
      outcome: 'rejected',
      rejection: { code: 'counter/below-zero' },
    });
    await handler.handle([{ id: 'b', command: { type: 'Close' } }], request());
    expect(await handler.handle([{ id: 'b', command: { type: 'Close' } }], request())).toMatchObject({
      outcome: 'unchanged',
      version: 1,
    });
    expect(await commitsOf(log, 'a')).toEqual([]);
    expect(await commitsOf(log, 'b')).toHaveLength(1);
  });

  it('never lets the time of a stream go back', async () => {
    const { log, add } = setUp();
    await add('a', 1, { now: '2026-05-01T10:00:00.500Z' });
    await add('a', 1, { now: '2026-05-01T10:00:00.100Z' });
    const times = (await commitsOf(log, 'a')).map(({ committedAt }) => committedAt);
    expect(times).toEqual(['2026-05-01T10:00:00.500Z', '2026-05-01T10:00:00.500Z']);
  });

  it('commits to all streams or to none', async () => {
    const { log, handler } = setUp();
    const move = (amount: number) =>
      handler.handle(
        [
          { id: 'from', command: { type: 'Add', amount: -amount } },
          { id: 'to', command: { type: 'Add', amount } },
        ],
        request(),
      );
    expect(await move(1)).toMatchObject({ outcome: 'rejected' });
    expect(await commitsOf(log, 'to')).toEqual([]);
    await handler.handle([{ id: 'from', command: { type: 'Add', amount: 3 } }], request());
    expect(await move(1)).toMatchObject({
      outcome: 'committed',
      id: 'from',
      version: 2,
      answer: { total: 2 },
    });
    expect(await commitsOf(log, 'to')).toHaveLength(1);
  });
});

describe('a command sent twice', () => {
  it('answers the first outcome again and adds nothing, whatever came after it', async () => {
    const { log, add } = setUp();
    const first = await add('a', 5, { commandId: 'once' });
    await add('a', 7);
    expect(await add('a', 5, { commandId: 'once' })).toEqual({ ...first, outcome: 'repeated' });
    expect(await commitsOf(log, 'a')).toHaveLength(2);
  });

  it('is recognised from the snapshot without the history', async () => {
    const { log, snapshots, add } = setUp({ snapshotThreshold: 3 });
    const first = await add('a', 5, { commandId: 'once' });
    for (let count = 0; count < 9; count += 1) await add('a', 1);
    const reads: number[] = [];
    const watched: EventLog = {
      append: (commits) => log.append(commits),
      readCommit: (stream, version) => log.readCommit(stream, version),
      read: (stream, range) => {
        reads.push(range?.fromVersion ?? 1);
        return log.read(stream, range);
      },
    };
    // A process that has not seen the stream yet.
    const again = await setUp({ log: watched, snapshots, snapshotThreshold: 3 }).add('a', 5, {
      commandId: 'once',
    });
    expect(again).toEqual({ ...first, outcome: 'repeated' });
    expect(reads).toEqual([10]);
  });

  it('is answered again even when the version it names has passed', async () => {
    const { add } = setUp();
    await add('a', 1);
    const atOne = { commandId: 'once', expectedVersion: (version: number) => version === 1 };
    await add('a', 5, atOne);
    expect(await add('a', 5, atOne)).toMatchObject({ outcome: 'repeated', version: 2 });
  });

  it('is refused with another body under the same key', async () => {
    const { log, add } = setUp();
    await add('a', 5, { commandId: 'once' });
    expect(await codeOf(add('a', 6, { commandId: 'once' }))).toBe('idempotency-key-reused');
    expect(await commitsOf(log, 'a')).toHaveLength(1);
  });

  it('is committed once when both tries run at the same time', async () => {
    const { log, add } = setUp();
    const results = await Promise.all(Array.from({ length: 5 }, () => add('a', 5, { commandId: 'once' })));
    expect(results.map(({ outcome }) => outcome).sort()).toEqual([
      'committed',
      'repeated',
      'repeated',
      'repeated',
      'repeated',
    ]);
    expect(await commitsOf(log, 'a')).toHaveLength(1);
  });
});

describe('a command on two streams sent twice', () => {
  const move = ({ handler }: ReturnType<typeof setUp>) =>
    handler.handle(
      [
        { id: 'from', command: { type: 'Add', amount: -1 } },
        { id: 'to', command: { type: 'Add', amount: 1 } },
      ],
      request({ commandId: 'once' }),
    );

  it('answers for the first stream, also when only the second was read after the first try', async () => {
    const log = new InterruptedLog();
    const setup = setUp({ log });
    await setup.add('from', 10);
    await setup.add('to', 500);
    let first: unknown;
    log.beforeRead = async (stream) => {
      if (stream !== 'counter/to') return;
      log.beforeRead = async () => undefined;
      first = await move(setup);
    };
    const second = await move(setup);
    expect(first).toMatchObject({ outcome: 'committed', version: 2, answer: { total: 9 } });
    expect(second).toEqual({ ...(first as object), outcome: 'repeated' });
    expect(await commitsOf(log, 'from')).toHaveLength(2);
  });
});

describe('writers at the same time', () => {
  it('decides again on the state that the faster writer left', async () => {
    const log = new InterruptedLog();
    const rival = setUp({ log });
    await rival.add('a', 10);
    let interrupted = false;
    log.beforeAppend = async () => {
      if (interrupted) return;
      interrupted = true;
      await rival.add('a', -8);
    };
    const result = await setUp({ log }).add('a', -5);
    expect(result).toMatchObject({ outcome: 'rejected', rejection: { code: 'counter/below-zero' } });
    expect(await commitsOf(log, 'a')).toHaveLength(2);
  });

  it('loses none of many increments', async () => {
    const { add, log } = setUp({ snapshotThreshold: 5 });
    await Promise.all(Array.from({ length: 12 }, () => add('a', 1)));
    const result = await add('a', 1);
    expect(result).toMatchObject({ version: 13, answer: { total: 13 } });
    expect(await commitsOf(log, 'a')).toHaveLength(13);
  });

  it.each<[Partial<RetryPolicy> | undefined, number, number]>([
    [undefined, 12, 400],
    [{ maxAttempts: 3, longestWaitMs: 30 }, 3, 30],
    [{ maxAttempts: 1 }, 1, 0],
  ])('gives up with nothing written: %j, %d attempts', async (retry, attempts, longestWaitMs) => {
    const log = new InterruptedLog();
    const { add, effects } = setUp({ log, ...(retry && { retry }) });
    let races = 0;
    log.beforeAppend = async ([commit]) => {
      if (commit?.commandId !== 'loser') return;
      races += 1;
      await add('a', 1);
    };
    expect(await codeOf(add('a', 1, { commandId: 'loser' }))).toBe('contention');
    expect(races).toBe(attempts);
    expect(effects.delays).toHaveLength(attempts - 1);
    expect(Math.max(0, ...effects.delays)).toBeLessThanOrEqual(longestWaitMs);
    expect((await commitsOf(log, 'a')).some(({ commandId }) => commandId === 'loser')).toBe(false);
  });

  it('refuses when the stream is not at the version that the caller named', async () => {
    const { add, log } = setUp();
    await add('a', 1);
    expect(await codeOf(add('a', 1, { expectedVersion: (version) => version === 2 }))).toBe(
      'version-mismatch',
    );
    expect(await codeOf(add('b', 1, { expectedVersion: (version) => version === 1 }))).toBe(
      'version-mismatch',
    );
    expect(await commitsOf(log, 'a')).toHaveLength(1);
    expect(await add('a', 1, { expectedVersion: (version) => version === 1 })).toMatchObject({ version: 2 });
  });
});

describe('a state kept in memory', () => {
  it('is never trusted alone: what other processes committed since is read before deciding', async () => {
    const log = new MemoryEventLog();
    const [one, two] = [setUp({ log }), setUp({ log })];
    await one.add('a', 10);
    await two.add('a', -8, { commandId: 'elsewhere' });
    expect(await one.add('a', -5)).toMatchObject({ rejection: { code: 'counter/below-zero' } });
    expect(await one.add('a', -8, { commandId: 'elsewhere' })).toMatchObject({
      outcome: 'repeated',
      version: 2,
    });
    expect(await one.add('a', 1)).toMatchObject({ version: 3, answer: { total: 3 } });
  });

  it('saves the snapshot and the history behind it', async () => {
    const log = new MemoryEventLog();
    const { add } = setUp({ log });
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

describe('snapshots', () => {
  it('are taken when the threshold is passed and hydrate to the same state', async () => {
    const { add, snapshots } = setUp({ snapshotThreshold: 3 });
    await add('a', 1);
    await add('a', 1);
    expect(await snapshots.load('counter/a')).toBeUndefined();
    await add('a', 1);
    expect(await snapshots.load('counter/a')).toMatchObject({ version: 3, state: { total: 3 } });
    expect(await add('a', 1)).toMatchObject({ version: 4, answer: { total: 4 } });
    expect(await snapshots.load('counter/a')).toMatchObject({ version: 3 });
  });

  it('of another state version are ignored and replaced', async () => {
    const { log, snapshots, add } = setUp({ snapshotThreshold: 2 });
    await add('a', 1);
    await add('a', 1);
    await snapshots.save({
      stream: 'counter/a',
      version: 2,
      stateVersion: 9,
      state: { status: 'open', total: 999 },
      committedAt: now,
      commands: Buffer.alloc(0),
    });
    expect(await setUp({ log, snapshots, snapshotThreshold: 2 }).add('a', 1)).toMatchObject({
      answer: { total: 3 },
    });
    expect(await snapshots.load('counter/a')).toMatchObject({ stateVersion: 1, version: 3 });
  });

  it('are taken once, though several processes count on their own', async () => {
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
    const processes = [1, 2].map(() => setUp({ log, snapshots: counted, snapshotThreshold: 4 }));
    for (let round = 0; round < 5; round += 1) for (const { add } of processes) await add('a', 1);
    expect(saved).toEqual([4, 8]);
  });

  it('that cannot be written fail no command', async () => {
    const warnings: string[] = [];
    const snapshots: SnapshotStore = {
      load: async () => undefined,
      save: async () => {
        throw new Error('throttled');
      },
    };
    const { add } = setUp({ snapshots, snapshotThreshold: 1, warnings });
    const result: CommandResult<unknown> = await add('a', 1);
    expect(result).toMatchObject({ outcome: 'committed', version: 1 });
    expect(warnings).toHaveLength(1);
  });
});
