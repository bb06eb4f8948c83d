import { describe, expect, it } from '@jest/globals';
import type { RetryPolicy } from './retry.ts';
import type { CounterCommand } from './testing/counter.fixture.ts';
import {
  codeOf,
  commitsOf,
  counterHandler,
  InterruptedLog,
  request,
} from './testing/counter-handler.fixture.ts';

describe('handling a command', () => {
  it('appends one commit with the context of the request and answers the new state', async () => {
    const { log, add, handler } = counterHandler();
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

  it('writes nothing for a rejected command or a command without events', async () => {
    const { log, add, handler } = counterHandler();
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

  it('never decreases the time of a stream', async () => {
    const { log, add } = counterHandler();
    await add('a', 1, { now: '2026-05-01T10:00:00.500Z' });
    await add('a', 1, { now: '2026-05-01T10:00:00.100Z' });
    const times = (await commitsOf(log, 'a')).map(({ committedAt }) => committedAt);
    expect(times).toEqual(['2026-05-01T10:00:00.500Z', '2026-05-01T10:00:00.500Z']);
  });

  it('stamps at the append, not with the time of the request', async () => {
    const log = new InterruptedLog();
    const { add, effects } = counterHandler({ log });
    log.beforeRead = async () => {
      effects.clock.now = '2026-05-01T10:00:07.000Z';
    };
    await add('a', 1, { now: '2026-05-01T10:00:00.000Z' });
    expect(await commitsOf(log, 'a')).toMatchObject([{ committedAt: '2026-05-01T10:00:07.000Z' }]);
  });

  it('commits to all streams or to none', async () => {
    const { log, handler } = counterHandler();
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

describe('writers at the same time', () => {
  it('decides again on the new state after another writer committed first', async () => {
    const log = new InterruptedLog();
    const other = counterHandler({ log });
    await other.add('a', 10);
    let interrupted = false;
    log.beforeAppend = async () => {
      if (interrupted) return;
      interrupted = true;
      await other.add('a', -8);
    };
    const result = await counterHandler({ log }).add('a', -5);
    expect(result).toMatchObject({ outcome: 'rejected', rejection: { code: 'counter/below-zero' } });
    expect(await commitsOf(log, 'a')).toHaveLength(2);
  });

  it('does not lose any of many increments', async () => {
    const { add, log } = counterHandler({ snapshotThreshold: 5 });
    await Promise.all(Array.from({ length: 12 }, () => add('a', 1)));
    const result = await add('a', 1);
    expect(result).toMatchObject({ version: 13, answer: { total: 13 } });
    expect(await commitsOf(log, 'a')).toHaveLength(13);
  });

  it.each<[Partial<RetryPolicy> | undefined, number, number]>([
    [undefined, 12, 400],
    [{ maxAttempts: 3, longestWaitMs: 30 }, 3, 30],
    [{ maxAttempts: 1 }, 1, 0],
  ])('fails without writing: %j, %d attempts', async (retry, attempts, longestWaitMs) => {
    const log = new InterruptedLog();
    const { add, effects } = counterHandler({ log, ...(retry && { retry }) });
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

  it('refuses if the stream is not at the expected version', async () => {
    const { add, log } = counterHandler();
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
