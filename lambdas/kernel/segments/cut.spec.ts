import { describe, expect, it } from '@jest/globals';
import { commitAt } from '../testing/commits.fixture.ts';
import { crossesSegment, SegmentCutter } from './cut.ts';

const stream = 'test/cut';

/** The number of events in the commits of each complete segment. */
function cut(counts: readonly number[], bytes = 1) {
  const cutter = new SegmentCutter();
  let version = 1;
  return counts.flatMap((count) => {
    const events = Array.from({ length: count }, (_, index) => ({
      id: `${version + index}`,
      type: 'T',
      schemaVersion: 1,
      data: { text: 'x'.repeat(bytes) },
    }));
    const complete = cutter.add(commitAt(stream, version, count, { events }));
    version += count;
    return complete.map((commits) => commits.map((commit) => commit.events.length));
  });
}
const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);

describe('the cut of segments', () => {
  it('is at 1,000 events, and leaves out what is not complete', () => {
    const ones = Array.from({ length: 2_999 }, () => 1);
    expect(cut(ones).map(sum)).toEqual([1_000, 1_000]);
    expect(cut(ones.slice(0, 999))).toEqual([]);
  });

  it('is at the end of a commit, so a segment can be smaller', () => {
    expect(cut([600, 600, 400, 1])).toEqual([[600], [600, 400]]);
    expect(cut([999, 2, 998])).toEqual([[999], [2, 998]]);
  });

  it('makes a larger commit a segment by itself, and completes the one before it', () => {
    expect(cut([10, 1_500, 10])).toEqual([[10], [1_500]]);
    expect(cut([1_500])).toEqual([[1_500]]);
  });

  it('is at 380 KB of events', () => {
    expect(cut([1, 1, 1, 1, 1, 1], 150_000)).toEqual([
      [1, 1],
      [1, 1],
    ]);
    expect(cut([1], 390_000)).toEqual([[1]]);
  });
});

it('a commit that crosses a multiple of 1,000 may complete a segment', () => {
  const crosses = (version: number, count: number) => crossesSegment(commitAt(stream, version, count));
  expect([crosses(1, 999), crosses(1, 1_000), crosses(1_000, 1), crosses(1_001, 999)]).toEqual([
    false,
    true,
    true,
    false,
  ]);
  expect([crosses(1_999, 1), crosses(1_500, 501), crosses(1_001, 2_500)]).toEqual([false, true, true]);
});
