import { describe, expect, it } from '@jest/globals';
import type { SegmentProgress } from '../../../schema/projections.ts';
import type { Commit } from '../../kernel/index.ts';
import { MemoryLogScan, MemorySegmentStore } from '../../kernel/memory/index.ts';
import { type LogPlace, type LogScan, SealedLogScan, type TablePart } from '../../kernel/rebuild/index.ts';
import { SealedStreams, Sealer } from '../../kernel/segments/index.ts';
import { commitsOf, memoryRebuild } from './memory-rebuild.fixture.ts';

const readModel = 'ledger';
const fold = { action: 'fold', readModel, generation: 'g2', segment: 0 } as const;
const long = 'counter/long';
const pageSize = 700;
/** 7,000 events. The others come before and after it. */
const streams = { a: [1], long: Array.from({ length: 3_500 }, (_, index) => index % 90), z: [5] };
const sum = 2 * streams.long.reduce((total, amount) => total + amount);
const built = {
  a: { version: 2, total: 2, count: 2 },
  long: { version: 7_000, total: sum, count: 7_000 },
  z: { version: 2, total: 10, count: 2 },
};
const counts = { events: 7_004, streams: 3, rows: 3, parked: 0 };

/** A rebuilder of a log with a long stream that is sealed. */
async function setUp({
  long: own = commitsOf('long', pairsOf(streams.long)),
  beforeSave,
}: {
  readonly long?: readonly Commit[];
  readonly beforeSave?: () => void;
} = {}) {
  const segments = new MemorySegmentStore();
  const met: string[] = [];
  const rebuild = memoryRebuild({
    pageSize,
    ...(beforeSave && { beforeSave }),
    scanOf: (log) =>
      new SealedLogScan(
        noting(new MemoryLogScan(log, { pageSize }), met),
        new SealedStreams({ segments, log }),
      ),
  });
  const short = [...commitsOf('a', pairsOf(streams.a)), ...commitsOf('z', pairsOf(streams.z))];
  for (const commit of [...short, ...own]) await rebuild.log.append([commit]);
  const sealer = new Sealer({ log: rebuild.log, segments, projections: new Map() });
  await sealer.seal({ stream: long }, () => true);
  await rebuild.rebuilder.answer({ action: 'begin', readModel, segments: 1 }, () => true);
  /** Folds until it is done. The time of each invocation ends after so many looks at the clock. */
  const folded = async (looks = Number.POSITIVE_INFINITY) => {
    for (let invocations = 1; invocations < 200; invocations += 1) {
      let left = looks;
      const hasTime = () => {
        left -= 1;
        return left > 0;
      };
      const answer = await rebuild.rebuilder.answer(fold, hasTime).catch((error) => {
        if (!/killed/.test(String(error))) throw error;
        return { done: false };
      });
      if ((answer as SegmentProgress).done) return { progress: answer as SegmentProgress, invocations };
    }
    throw new Error('The part makes no progress.');
  };
  const rows = () =>
    Object.fromEntries(
      rebuild.rows
        .rowsOf('g2')
        .all()
        .map(({ id, version, row }) => [id, { version, ...row }]),
    );
  return { ...rebuild, long: own, segments, met, folded, rows };
}

/** Each commit has two events with the same amount. */
function pairsOf(amounts: readonly number[]): number[][] {
  return amounts.map((amount) => [amount, amount]);
}

/** Notes each commit that is read from the log. */
function noting(scan: LogScan, met: string[]): LogScan {
  return {
    async *pages(part: TablePart, range: { categories: readonly string[]; after?: LogPlace | undefined }) {
      for await (const page of scan.pages(part, range)) {
        for (const { stream, version } of page.commits) met.push(`${stream}@${version}`);
        yield page;
      }
    },
  };
}

describe('folding a log with sealed streams', () => {
  it('reads the beginning and the end of a long stream from the log, and the rest from segments', async () => {
    const { met, folded, rows } = await setUp();
    expect((await folded()).progress).toMatchObject({ ...counts, lines: 7_004 });
    expect(rows()).toEqual(built);
    const long = met.filter((name) => name.startsWith('counter/long@'));
    expect(new Set(met).size).toBe(met.length);
    // A page, and the next one because the first ends before version 1,000.
    expect(long.length).toBeLessThanOrEqual(2 * pageSize);
  });

  it.each([1, 2, 3, 4])('does the same in invocations of %i pages', async (looks) => {
    const { folded, rows } = await setUp();
    expect((await folded(looks)).progress).toMatchObject({ ...counts, lines: 7_004 });
    expect(rows()).toEqual(built);
  });

  it.each([2, 3])('continues after every kill, with each %i. write of its progress', async (killed) => {
    let saves = 0;
    const { folded, rows } = await setUp({
      beforeSave: () => {
        saves += 1;
        if (saves % killed === 0) throw new Error('killed');
      },
    });
    expect((await folded(3)).progress).toMatchObject(counts);
    expect(rows()).toEqual(built);
  });

  it.each<[string, (segments: MemorySegmentStore) => void]>([
    ['no head', ({ heads }) => heads.clear()],
    ['no segments', ({ segmentsOf }) => segmentsOf.clear()],
    ['a segment that is missing', ({ segmentsOf }) => segmentsOf.get(long)?.delete(4_001)],
    [
      'a segment that is damaged',
      ({ segmentsOf }) => {
        const segment = segmentsOf.get(long)?.get(3_001);
        if (segment) segmentsOf.get(long)?.set(3_001, { ...segment, packed: segment.packed.slice(9) });
      },
    ],
  ])('reads on in the log with %s', async (_, harm) => {
    const { segments, met, folded, rows } = await setUp();
    harm(segments);
    expect((await folded()).progress).toMatchObject({ ...counts, lines: 7_004 });
    expect(rows()).toEqual(built);
    expect(met).toContain('counter/long@6001');
  });

  it('uses no segment whose end is not in the log', async () => {
    const { long: commits, segments, met, folded, rows } = await setUp();
    const own = segments.segmentsOf.get(long);
    // Of another history that begins in the same way.
    const begun = commits.slice(0, 1_500);
    const rest = commitsOf('long', pairsOf(Array.from({ length: 2_000 }, () => 7)), begun.at(-1));
    const other = await setUp({ long: [...begun, ...rest] });
    const segment = other.segments.segmentsOf.get(long)?.get(3_001);
    expect(segment?.hashBefore).toBe(own?.get(2_001)?.hash);
    if (segment) own?.set(3_001, segment);
    expect((await folded()).progress).toMatchObject({ ...counts, lines: 7_004 });
    expect(rows()).toEqual(built);
    expect(met).toContain('counter/long@3001');
  });

  it('parks a stream that cannot be folded in its sealed part', async () => {
    const { log, folded, rows, parkingLot, segments } = await setUp();
    const bad = commitsOf(
      'bad',
      Array.from({ length: 5_000 }, (_, at) => [at === 4_500 ? -666 : 1]),
    );
    for (const commit of bad) await log.append([commit]);
    await new Sealer({ log, segments, projections: new Map() }).seal({ stream: 'counter/bad' }, () => true);
    expect((await folded()).progress).toMatchObject({ streams: 4, rows: 4, parked: 1 });
    expect(rows()).toEqual({ ...built, bad: { version: 4_500, total: 4_500, count: 4_500 } });
    expect(await parkingLot.list('counter', { limit: 9 })).toMatchObject([
      { subject: 'counter/bad', version: 5_000 },
    ]);
  });
});
