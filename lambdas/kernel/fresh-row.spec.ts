import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { foldCommits } from './fold.ts';
import { freshRow, withUnprojectedLines } from './fresh-row.ts';
import { activeRows } from './generation-rows.ts';
import { initialGenerations } from './generations.ts';
import { MemoryEventLog } from './memory/memory-event-log.ts';
import { MemoryReadModel } from './memory/memory-read-model.ts';
import { type KeyedLine, versionKey } from './projection.ts';
import type { LineRange } from './read-model.ts';
import { defaultTenant } from './stream-name.ts';
import { tenantRows } from './tenant-ports.ts';
import { commitAt } from './testing/commits.fixture.ts';
import { type Line, type Tally, tallyProjection } from './testing/read-model.contract.ts';

const added = (version: number, amount: number) =>
  commitAt('counter/a', version, 1, {
    events: [{ id: `e${version}`, type: 'Counter:Added', schemaVersion: 1, data: { amount } }],
  });

describe('a row for a client that has just written', () => {
  it('is the stored row with all later commits', async () => {
    const log = new MemoryEventLog();
    const readModel = new MemoryReadModel<Tally, Line>(tallyProjection);
    const commits = [added(1, 10), added(2, 5)];
    for (const commit of commits) await log.append([commit]);
    const sources = { log, readModel };
    const whole = { version: 2, row: { id: 'a', total: 15 } };
    expect(await freshRow(sources, tallyProjection, 'a')).toMatchObject({ ...whole, lines: [{}, {}] });
    const first = foldCommits(tallyProjection, undefined, commits.slice(0, 1));
    if (first) await readModel.save({ id: 'a', expectedVersion: 0, ...first });
    expect(await freshRow(sources, tallyProjection, 'a')).toEqual({
      ...whole,
      generation: 'g1',
      lines: [{ key: versionKey(2), line: { amount: 5 }, version: 2 }],
    });
    expect(await freshRow(sources, tallyProjection, 'none')).toBeUndefined();
  });

  it('has the active generation before and after it is stored', async () => {
    const log = new MemoryEventLog();
    const rows = new MemoryReadModel<Tally, Line>(tallyProjection);
    const active = activeRows(
      { lastKnown: async () => ({ ...initialGenerations, last: 2, active: 'g2' }) },
      () => rows,
    );
    const readModel = tenantRows(active, {}, () => defaultTenant);
    await log.append([added(1, 10)]);
    const before = await freshRow({ log, readModel }, tallyProjection, 'a');
    const folded = foldCommits(tallyProjection, undefined, [added(1, 10)]);
    if (folded) await rows.save({ id: 'a', expectedVersion: 0, ...folded });
    const after = await freshRow({ log, readModel }, tallyProjection, 'a');
    expect([before?.generation, after?.generation]).toEqual(['g2', 'g2']);
  });
});

describe('a page of lines with the unprojected ones', () => {
  const lineOf = (key: number): KeyedLine<Line> => ({ key: versionKey(key), line: { amount: key } });
  const keys = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 40 });

  it('has all lines in order, each once, in both directions', () => {
    fc.assert(
      fc.property(
        keys,
        keys,
        fc.integer({ min: 1, max: 7 }),
        fc.boolean(),
        (stored, ahead, limit, isAscending) => {
          const order = isAscending ? 'ascending' : 'descending';
          const sorted = (all: readonly number[]) =>
            [...new Set(all)].sort((a, b) => (isAscending ? a - b : b - a));
          const page = (after: string | undefined) => {
            const range: LineRange = { order, limit, after };
            const behind = sorted(stored)
              .map(lineOf)
              .filter(({ key }) => after === undefined || (isAscending ? key > after : key < after));
            const found = { lines: behind.slice(0, limit), hasMore: behind.length > limit };
            return withUnprojectedLines(ahead.map(lineOf), found, range);
          };
          const seen: number[] = [];
          let after: string | undefined;
          for (let pages = 0; pages < 100; pages += 1) {
            const { lines, hasMore } = page(after);
            expect(lines.length).toBeLessThanOrEqual(limit);
            seen.push(...lines.map(({ line }) => line.amount));
            if (!hasMore) break;
            after = lines.at(-1)?.key;
          }
          expect(seen).toEqual(sorted([...stored, ...ahead]));
        },
      ),
    );
  });

  it('respects the bounds of the range', () => {
    const range: LineRange = { order: 'ascending', limit: 9, from: versionKey(2), to: versionKey(3) };
    const page = withUnprojectedLines([1, 2, 3, 4].map(lineOf), { lines: [], hasMore: false }, range);
    expect(page.lines.map(({ line }) => line.amount)).toEqual([2, 3]);
  });
});
