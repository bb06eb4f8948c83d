import { describe, expect, it } from '@jest/globals';
import type { EventLog } from './event-log.ts';
import {
  codeOf,
  commitsOf,
  counterHandler,
  InterruptedLog,
  request,
} from './testing/counter-handler.fixture.ts';

describe('a command sent twice', () => {
  it('returns the first answer and appends nothing, also after other commands', async () => {
    const { log, add } = counterHandler();
    const first = await add('a', 5, { commandId: 'once' });
    await add('a', 7);
    expect(await add('a', 5, { commandId: 'once' })).toEqual({ ...first, outcome: 'repeated' });
    expect(await commitsOf(log, 'a')).toHaveLength(2);
  });

  it('is recognised from the snapshot, without the history', async () => {
    const { log, snapshots, add } = counterHandler({ snapshotThreshold: 3 });
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
    const again = await counterHandler({ log: watched, snapshots, snapshotThreshold: 3 }).add('a', 5, {
      commandId: 'once',
    });
    expect(again).toEqual({ ...first, outcome: 'repeated' });
    // The commit that the snapshot ends with is read again, to check that the log has it.
    expect(reads).toEqual([9]);
  });

  it('returns the first answer even if the expected version has passed', async () => {
    const { add } = counterHandler();
    await add('a', 1);
    const atOne = { commandId: 'once', expectedVersion: (version: number) => version === 1 };
    await add('a', 5, atOne);
    expect(await add('a', 5, atOne)).toMatchObject({ outcome: 'repeated', version: 2 });
  });

  it('is refused with another body under the same key', async () => {
    const { log, add } = counterHandler();
    await add('a', 5, { commandId: 'once' });
    expect(await codeOf(add('a', 6, { commandId: 'once' }))).toBe('idempotency-key-reused');
    expect(await commitsOf(log, 'a')).toHaveLength(1);
  });

  it('is committed once if its attempts run at the same time', async () => {
    const { log, add } = counterHandler();
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

describe('a command that stored nothing', () => {
  it('does not use its id: the same command is decided again', async () => {
    const { add, handler } = counterHandler();
    expect(await add('a', -5, { commandId: 'once' })).toMatchObject({ outcome: 'rejected' });
    await add('a', 9);
    expect(await add('a', -5, { commandId: 'once' })).toMatchObject({ outcome: 'committed' });
    const close = () =>
      handler.handle([{ id: 'a', command: { type: 'Close' } }], request({ commandId: 'c' }));
    const closeAgain = () =>
      handler.handle([{ id: 'a', command: { type: 'Close' } }], request({ commandId: 'd' }));
    expect(await close()).toMatchObject({ outcome: 'committed' });
    expect(await closeAgain()).toMatchObject({ outcome: 'unchanged' });
    expect(await closeAgain()).toMatchObject({ outcome: 'unchanged' });
    expect(await close()).toMatchObject({ outcome: 'repeated' });
  });
});

describe('a command on two streams sent twice', () => {
  const move = ({ handler }: ReturnType<typeof counterHandler>) =>
    handler.handle(
      [
        { id: 'from', command: { type: 'Add', amount: -1 } },
        { id: 'to', command: { type: 'Add', amount: 1 } },
      ],
      request({ commandId: 'once' }),
    );

  it('answers for the first stream, even if only the second was read after the first attempt', async () => {
    const log = new InterruptedLog();
    const setup = counterHandler({ log });
    await setup.add('from', 10);
    await setup.add('to', 500);
    let first: unknown;
    log.beforeRead = async (stream) => {
      if (stream !== 'counter/to') return;
      log.beforeRead = async () => undefined;
      // In another process: the two share no memory.
      first = await move(counterHandler({ log }));
    };
    const second = await move(setup);
    expect(first).toMatchObject({ outcome: 'committed', version: 2, answer: { total: 9 } });
    expect(second).toEqual({ ...(first as object), outcome: 'repeated' });
    expect(await commitsOf(log, 'from')).toHaveLength(2);
    // It was recognised before deciding, not after a conflict.
    expect(setup.effects.delays).toEqual([]);
  });

  it('does not use or show its id on the second stream', async () => {
    const setup = counterHandler();
    await setup.add('from', 10);
    await move(setup);
    expect(await setup.add('to', 5, { commandId: 'once' })).toMatchObject({
      outcome: 'committed',
      version: 2,
    });
    const ids = (await commitsOf(setup.log, 'to')).map(({ commandId }) => commandId);
    expect(ids).toEqual([expect.stringMatching(/^§[\w-]{43}$/), 'once']);
  });
});
