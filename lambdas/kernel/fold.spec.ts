import { describe, expect, it } from '@jest/globals';
import { foldCommits, VersionGapError } from './fold.ts';
import { taskProjection } from './testing/changing-lines.contract.ts';
import { commitAt } from './testing/commits.fixture.ts';
import { tallyProjection } from './testing/read-model.contract.ts';

const added = (version: number, ...amounts: readonly number[]) =>
  commitAt('counter/a', version, 1, {
    events: amounts.map((amount, index) => ({
      id: `e${version + index}`,
      type: 'Counter:Added',
      schemaVersion: 1,
      data: { amount },
    })),
  });

describe('folding commits over a row', () => {
  const stored = { version: 2, row: { id: 'a', total: 30 } };

  it('adds up events, without a row or from a stored row', () => {
    expect(foldCommits(tallyProjection, undefined, [added(1, 1, 2), added(3, 3)])).toMatchObject({
      version: 3,
      row: { id: 'a', total: 6 },
      lines: [{ version: 1 }, { version: 2 }, { version: 3 }],
    });
    expect(foldCommits(tallyProjection, stored, [added(3, 5)])).toMatchObject({
      version: 3,
      row: { total: 35 },
    });
  });

  it('skips commits that the row reflects', () => {
    const commits = [added(1, 10), added(2, 20), added(3, 5), added(3, 5)];
    const folded = foldCommits(tallyProjection, stored, commits);
    expect(folded).toMatchObject({ version: 3, row: { total: 35 }, lines: [{ version: 3 }] });
  });

  it('throws for a gap', () => {
    expect(() => foldCommits(tallyProjection, stored, [added(4, 5)])).toThrow(VersionGapError);
    expect(() => foldCommits(tallyProjection, undefined, [added(2, 5)])).toThrow(
      'Version 1 of counter/a is missing before 2.',
    );
  });

  it('returns undefined without a row and commits', () => {
    expect(foldCommits(tallyProjection, undefined, [])).toBeUndefined();
  });

  it('keeps the last state of each line', () => {
    const projection = {
      ...tallyProjection,
      ...taskProjection,
      project: (_row: unknown, { version }: { readonly version: number }) => ({
        row: null,
        line: { key: 'same', line: { name: `v${version}`, done: false } },
      }),
    };
    const folded = foldCommits(projection, undefined, [added(1, 1), added(2, 2)]);
    expect(folded?.lines).toEqual([{ key: 'same', version: 2, line: { name: 'v2', done: false } }]);
  });
});
