import { describe, expect, it } from '@jest/globals';
import type { ForgetReport } from '../../../schema/projections.ts';
import { forget } from './forget.ts';

/** A table of `pages` pages with two items each. Keys are those of a table. */
function table(pages: number) {
  const asked: (string | undefined)[] = [];
  return {
    asked,
    page: async (after?: string) => {
      asked.push(after);
      const page = after === undefined ? 0 : Number(JSON.parse(after).stream.S);
      const next = JSON.stringify({ stream: { S: String(page + 1) } });
      return { deleted: 2, ...(page + 1 < pages && { next }) };
    },
  };
}

describe('forgetting', () => {
  it('deletes all snapshots and then all segments', async () => {
    const tables = { snapshots: table(3), segments: table(2) };
    expect(await forget(tables, () => true)).toEqual({ snapshots: 6, segments: 4 });
  });

  it('continues where the invocation before ended', async () => {
    const tables = { snapshots: table(3), segments: table(2) };
    const total = { snapshots: 0, segments: 0 };
    let invocations = 0;
    for (let cursor: string | undefined; ; ) {
      const report = (await forget(tables, () => false, cursor)) as ForgetReport;
      total.snapshots += report.snapshots;
      total.segments += report.segments;
      invocations += 1;
      cursor = report.cursor;
      if (cursor === undefined) break;
    }
    expect({ total, invocations }).toEqual({ total: { snapshots: 6, segments: 4 }, invocations: 5 });
    expect(tables.snapshots.asked).toHaveLength(3);
  });

  it.each([
    '',
    'x',
    Buffer.from('snapshots {').toString('base64url'),
    Buffer.from('other ').toString('base64url'),
  ])('refuses the cursor %j', async (cursor) => {
    const tables = { snapshots: table(1), segments: table(1) };
    expect(await forget(tables, () => true, cursor)).toEqual({
      refused: '"cursor" must be the cursor of the answer before.',
    });
    expect(tables.snapshots.asked).toEqual([]);
  });
});
