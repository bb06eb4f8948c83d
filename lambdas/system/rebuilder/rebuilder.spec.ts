import { describe, expect, it } from '@jest/globals';
import type { ReadModelStatus, SegmentProgress } from '../../../schema/projections.ts';
import { type MemoryRebuildOptions, memoryRebuild, nextCommit } from './memory-rebuild.fixture.ts';
import type { BuildRequest } from './request.ts';

const readModel = 'ledger';
const generation = 'g2';
const begin = { action: 'begin', readModel, segments: 1 } as const;
const fold = { action: 'fold', readModel, generation, segment: 0 } as const;

/** A rebuilder with a log of these streams: the amounts of each commit. */
async function setUp(
  streams: Readonly<Record<string, number[][]>>,
  options: Partial<MemoryRebuildOptions> = {},
) {
  const rebuild = memoryRebuild({ pageSize: 5, ...options });
  for (const [id, commits] of Object.entries(streams)) {
    for (const amounts of commits) await rebuild.log.append([nextCommit(rebuild.log, id, amounts)]);
  }
  const answer = <Answer = ReadModelStatus>(request: BuildRequest, hasTime = () => true) =>
    rebuild.rebuilder.answer(request, hasTime) as Promise<Answer>;
  /** Asks for a part until it is done. Returns the last answer and the number of invocations. */
  const untilDone = async (request: BuildRequest, hasTime = () => true) => {
    for (let invocations = 1; invocations < 10_000; invocations += 1) {
      try {
        const progress = await answer<SegmentProgress>(request, hasTime);
        if (progress.done) return { progress, invocations };
      } catch (error) {
        if (!/killed/.test(String(error))) throw error;
      }
    }
    throw new Error('The part makes no progress.');
  };
  const built = async () =>
    Object.fromEntries(
      rebuild.rows
        .rowsOf(generation)
        .all()
        .map(({ id, version, row }) => [id, { version, ...row }]),
    );
  return { ...rebuild, answer, untilDone, built };
}

const small = { a: [[1, 2], [3]], b: [[4]], c: [[5], [6, 7, 8]], d: [[9]] };
const smallBuilt = {
  a: { version: 3, total: 6, count: 3 },
  b: { version: 1, total: 4, count: 1 },
  c: { version: 4, total: 26, count: 4 },
  d: { version: 1, total: 9, count: 1 },
};
const smallCounts = { events: 9, streams: 4, rows: 4, lines: 9, parked: 0, done: true };

describe('folding the log', () => {
  it('writes each row and line once, and counts', async () => {
    const { answer, built } = await setUp(small);
    expect(await answer(begin)).toMatchObject({ active: 'g1', building: { generation, phase: 'folding' } });
    expect(await answer(fold)).toMatchObject(smallCounts);
    expect(await built()).toEqual(smallBuilt);
    // Repeating it changes nothing.
    expect(await answer(fold)).toMatchObject(smallCounts);
  });

  it.each([1, 2, 3, 5])(
    'does the same in any number of invocations, with pages of %i commits',
    async (pageSize) => {
      const { answer, untilDone, built } = await setUp(small, { pageSize });
      await answer(begin);
      const { progress, invocations } = await untilDone(fold, () => false);
      expect(progress).toMatchObject(smallCounts);
      expect(invocations).toBeLessThanOrEqual(8);
      expect(await built()).toEqual(smallBuilt);
    },
  );

  it('loses and doubles nothing when it is killed before or after any write of its progress', async () => {
    for (let killed = 1; killed < 12; killed += 1) {
      let saves = 0;
      const beforeSave = () => {
        saves += 1;
        if (saves % killed === 0) throw new Error('killed');
      };
      // Killed before every write, it would make no progress.
      const { answer, untilDone, built, rows } = await setUp(small, {
        pageSize: 1,
        ...(killed > 1 && { beforeSave }),
      });
      await answer(begin);
      const { lines, ...counts } = smallCounts;
      const { progress } = await untilDone(fold, () => false);
      expect(progress).toMatchObject(counts);
      // Lines that were stored just before a kill are not counted again.
      expect(progress.lines).toBeLessThanOrEqual(lines);
      expect(await built()).toEqual(smallBuilt);
      expect(
        rows
          .rowsOf(generation)
          .all()
          .map(({ id }) => rows.rowsOf(generation).remove(id)),
      ).toEqual([3, 1, 4, 1]);
    }
  });

  it('folds a stream that is longer than the time of an invocation', async () => {
    const { answer, untilDone, built } = await setUp({ long: Array.from({ length: 50 }, () => [1, 1]) });
    await answer(begin);
    const { progress, invocations } = await untilDone(fold, () => false);
    expect(invocations).toBe(10);
    expect(progress).toMatchObject({ events: 100, streams: 1, rows: 1, lines: 100 });
    expect(await built()).toEqual({ long: { version: 100, total: 100, count: 100 } });
  });

  it('reads a stream by itself whose commits do not come in order', async () => {
    for (const reorder of [
      <T>(all: readonly T[]) => all.toReversed(),
      <T>(all: readonly T[]) => all.slice(1),
    ]) {
      const { answer, untilDone, built } = await setUp(small, { reorder, pageSize: 3 });
      await answer(begin);
      await untilDone(fold, () => false);
      expect(await built()).toMatchObject({ c: smallBuilt.c });
    }
  });

  it('parks a stream that cannot be folded, and goes on with the others', async () => {
    const { answer, built, parkingLot } = await setUp({ ...small, bad: [[1], [2, -666], [3]] });
    await answer(begin);
    expect(await answer(fold)).toMatchObject({ parked: 1, rows: 5, done: true });
    expect(await built()).toEqual({ ...smallBuilt, bad: { version: 1, total: 1, count: 1 } });
    expect(await parkingLot.list('counter', { limit: 9 })).toMatchObject([
      { subject: 'counter/bad', version: 4 },
    ]);
  });

  it('lets the other one go on when two invocations work on a part', async () => {
    let other: (() => Promise<unknown>) | undefined;
    const { answer, built } = await setUp(small, {
      pageSize: 2,
      beforePage: async () => {
        const run = other;
        other = undefined;
        await run?.();
      },
    });
    await answer(begin);
    other = () => answer(fold);
    expect(await answer(fold)).toMatchObject(smallCounts);
    expect(await built()).toEqual(smallBuilt);
  });

  it('stops when the generation is discarded', async () => {
    let discard: (() => Promise<unknown>) | undefined;
    const { answer } = await setUp(small, { beforePage: async () => void (await discard?.()) });
    await answer(begin);
    discard = () => answer({ action: 'discard', readModel });
    expect(await answer(fold)).toEqual({ refused: 'Generation g2 was given up meanwhile.' });
  });
});

describe('the steps of a rebuild', () => {
  const build = { readModel, generation } as const;
  const compare = { action: 'compare', ...build, segment: 0 } as const;

  it('come in one order only', async () => {
    const { answer, pass, settleMs, effects } = await setUp(small);
    const refused = (sentence: RegExp) => ({ refused: expect.stringMatching(sentence) });
    expect(await answer(fold)).toEqual(refused(/not being built/));
    await answer(begin);
    expect(await answer(begin)).toEqual(refused(/g2 is being built/));
    expect(await answer({ ...begin, resume: true })).toMatchObject({ building: { generation } });
    expect(await answer({ ...fold, segment: 1 })).toEqual(refused(/numbers 0 to 0/));
    expect(await answer({ action: 'follow', ...build })).toEqual(refused(/1 of 1 parts are not folded/));
    expect(await answer(compare)).toEqual(refused(/do not write generation g2 yet/));
    await answer(fold);
    await answer({ action: 'follow', ...build });
    expect(await answer(compare)).toEqual(refused(/from .* on/));
    expect(await answer({ action: 'finish', ...build })).toEqual(refused(/1 of 1 parts are not compared/));
    expect(await answer({ action: 'switch', readModel })).toEqual(refused(/Its phase is following/));
    pass(settleMs - 1);
    expect(await answer(compare)).toEqual(refused(/from .* on/));
    pass(1);
    expect(await answer(compare)).toMatchObject({ done: true });
    await answer({ action: 'finish', ...build });
    expect(await answer({ action: 'switch', ...build })).toMatchObject({ active: 'g2', previous: 'g1' });
    expect(await answer({ action: 'switch', ...build })).toMatchObject({ active: 'g2', previous: 'g1' });
    expect(await answer({ action: 'undo', readModel })).toMatchObject({ active: 'g1', previous: 'g2' });
    expect(effects.clock.now > '2026-01-01').toBe(true);
  });

  it('delete a generation after nobody writes it any more', async () => {
    const { answer, untilDone, pass, settleMs, built, rows } = await setUp(small);
    await answer(begin);
    await answer(fold);
    const remove = (segment: number) => ({ action: 'remove', ...build, segment }) as const;
    expect(await answer(remove(0))).toEqual({ refused: expect.stringMatching(/not given up/) });
    const [{ removableAt = '', segments = 0 } = {}] = (await answer({ action: 'discard', readModel }))
      .removing;
    expect(await answer(remove(0))).toEqual({ refused: expect.stringContaining(removableAt) });
    pass(settleMs);
    let removed = 0;
    for (let segment = 0; segment < segments; segment += 1) {
      removed += (await untilDone(remove(segment), () => false)).progress.rows;
    }
    expect(removed).toBe(4);
    expect(await built()).toEqual({});
    expect(rows.rowsOf('g1').all()).toEqual([]);
    const [status] = await answer<readonly ReadModelStatus[]>({ action: 'status' });
    expect(status?.removing).toEqual([]);
    expect(await answer(remove(0))).toMatchObject({ done: true });
    expect(await answer({ ...remove(0), segment: 9 })).toEqual({
      refused: expect.stringMatching(/numbers 0 to 3/),
    });
  });

  it('delete nothing while another generation is compared', async () => {
    const { answer, untilDone, pass, settleMs } = await setUp(small);
    await answer(begin);
    await answer({ action: 'discard', readModel });
    await answer(begin);
    const next = { readModel, generation: 'g3' } as const;
    await untilDone({ action: 'fold', ...next, segment: 0 });
    await answer({ action: 'follow', ...next });
    pass(settleMs);
    const remove = { action: 'remove', ...build, segment: 0 } as const;
    expect(await answer(remove)).toEqual({ refused: expect.stringMatching(/g3 is being compared/) });
    await untilDone({ action: 'compare', ...next, segment: 0 });
    await answer({ action: 'finish', ...next });
    expect(await answer(remove)).toMatchObject({ done: true });
  });

  it('compare by field, also rows that only one generation has', async () => {
    const { answer, pass, settleMs, rows, log } = await setUp(small);
    const stored = (id: string, version: number, total: number, count: number) =>
      rows.rowsOf('g1').save({ id, expectedVersion: 0, version, row: { total, count }, lines: [] });
    await stored('a', 3, 6, 3);
    await stored('b', 1, 400, 1);
    await stored('c', 4, 1, 1);
    await stored('gone', 7, 0, 0);
    await answer(begin);
    await answer(fold);
    await log.append([nextCommit(log, 'late', [1])]);
    await stored('late', 1, 1, 1);
    await answer({ action: 'follow', ...build });
    pass(settleMs);
    const { differences, caughtUp, rows: compared } = await answer<SegmentProgress>(compare);
    expect(differences).toEqual({ total: 2, count: 1, '(only in g1)': 1, '(only in g2)': 1 });
    expect({ caughtUp, compared }).toEqual({ caughtUp: 1, compared: 5 });
  });

  it('do not switch by themselves to rows that are not folded to their end', async () => {
    const { answer, pass, settleMs } = await setUp({ ...small, bad: [[1], [2, -666], [3]] });
    await answer(begin);
    await answer(fold);
    await answer({ action: 'follow', ...build });
    pass(settleMs);
    await answer(compare);
    const { building } = await answer({ action: 'finish', ...build });
    expect(building).toMatchObject({ progress: [{ parked: 1 }], folded: [{ parked: 1 }] });
    const byItself = { action: 'switch', ...build, unlessParked: true } as const;
    expect(await answer(byItself)).toEqual({
      refused: expect.stringMatching(/^1 streams could not be folded to their end, so ledger stays as it is/),
    });
    expect(await answer({ action: 'switch', readModel })).toMatchObject({ active: 'g2' });
    expect(await answer(byItself)).toMatchObject({ active: 'g2' });
  });

  it('tell the status of one read model, whatever is stored of the others', async () => {
    const { answer, generations } = await setUp(small);
    const read = generations.read.bind(generations);
    generations.read = async (name) => {
      if (name !== readModel) throw new Error('This was written by hand.');
      return read(name);
    };
    await answer(begin);
    expect(await answer<readonly ReadModelStatus[]>({ action: 'status', readModel })).toMatchObject([
      { readModel, building: { generation } },
    ]);
    await expect(answer({ action: 'status' })).rejects.toThrow('by hand');
  });

  it('replace rows that somebody broke, and rows of no projection', async () => {
    const { answer, pass, settleMs, rows, log, built } = await setUp({ ...small, e: [[1]], f: [[1]] });
    const g1 = rows.rowsOf('g1');
    const stored = (id: string, version: number, total: number, count: number) =>
      g1.save({ id, expectedVersion: 0, version, row: { total, count }, lines: [] });
    await stored('a', 3, 6, 3);
    await stored('b', 9_999, 4, 1);
    await stored('e', Number.NaN, 1, 1);
    await stored('f', 1, 1, 1);
    await answer(begin);
    await answer(fold);
    for (const id of ['b', 'e']) await log.append([nextCommit(log, id, [5])]);
    const load = g1.load.bind(g1);
    g1.load = async (ids) => {
      if (ids.includes('f')) throw new SyntaxError('This is no JSON.');
      return load(ids);
    };
    await answer({ action: 'follow', ...build });
    pass(settleMs);
    expect(await answer(compare)).toMatchObject({ done: true, parked: 0, differences: { '(version)': 2 } });
    // Projectors may have skipped them, so they are read to the end of the log.
    expect(await built()).toMatchObject({ b: { version: 2, total: 9 }, e: { version: 2, total: 6 } });
  });

  it('count a stream that cannot be folded once, also if the active generation has it whole', async () => {
    const { answer, pass, settleMs, rows } = await setUp({ ...small, bad: [[1], [2, -666], [3]] });
    await rows
      .rowsOf('g1')
      .save({ id: 'bad', expectedVersion: 0, version: 4, row: { total: 6, count: 4 }, lines: [] });
    await answer(begin);
    await answer(fold);
    await answer({ action: 'follow', ...build });
    pass(settleMs);
    expect(await answer(compare)).toMatchObject({ parked: 1, differences: { '(version)': 1 } });
  });

  it('catch up a stream that is parked and has no row', async () => {
    const { answer, pass, settleMs, parkingLot, log, built } = await setUp(small);
    await answer(begin);
    await answer(fold);
    await log.append([nextCommit(log, 'parked', [5])]);
    await parkingLot.park({ consumer: 'counter', subject: 'counter/parked', reason: 'x', version: 1 });
    await answer({ action: 'follow', ...build });
    pass(settleMs);
    expect(await answer(compare)).toMatchObject({ caughtUp: 1, parked: 0 });
    expect(await built()).toMatchObject({ parked: { version: 1, total: 5 } });
  });

  it('tell a run that works from one that was killed', async () => {
    const { answer, pass } = await setUp(small);
    await answer(begin);
    const hold = (owner: string) => ({ action: 'hold', ...build, owner }) as const;
    expect(await answer(hold('one'))).toMatchObject({ building: { heldUntil: '2026-01-01T00:00:10.000Z' } });
    expect(await answer(hold('two'))).toEqual({ refused: expect.stringMatching(/Another run/) });
    pass(10_000);
    expect(await answer(hold('two'))).toMatchObject({ building: { heldUntil: '2026-01-01T00:00:20.000Z' } });
  });
});
