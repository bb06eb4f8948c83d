import { describe, expect, it } from '@jest/globals';
import { MetricBook } from './metric-book.ts';
import { compareHistory, type HistoryLine } from './metric-history.ts';

const at = (ms: number) => new Date(ms).toISOString();

/** 1 at 50 ms and 2 when the server took it, by version 3; 3 at 50 ms, by version 4. */
function soundBook(): MetricBook {
  const book = new MetricBook('m', { name: 'Spec' }, 0);
  const answered = { status: 'untargeted', value: 2 } as const;
  const first = [{ value: 2 }, { value: 1, atMs: 50 }];
  book.book({
    ...answered,
    effect: { kind: 'values', values: first },
    version: 3,
    now: { earliestMs: 90, latestMs: 110 },
  });
  book.book({
    ...answered,
    effect: { kind: 'values', values: [{ value: 3, atMs: 50 }] },
    version: 4,
    now: { earliestMs: 190, latestMs: 210 },
  });
  return book;
}

const line = (value: number, ms: number): HistoryLine => ({ value, at: at(ms) });
const sound = [line(1, 50), line(3, 50), line(2, 100)];

describe('compareHistory', () => {
  it('accepts every value once, in the order of its instant and then of its recording', () => {
    const { findings, instantOf } = compareHistory(soundBook(), sound);
    expect(findings).toEqual([]);
    const [first] = soundBook().commands;
    if (!first) throw new Error('There is a first command.');
    expect(instantOf({ value: 2 }, first)).toBe(100);
    expect(instantOf({ value: 1, atMs: 50 }, first)).toBe(50);
  });

  it.each<[string, readonly HistoryLine[], string]>([
    ['lost', sound.slice(1), 'the value 1, recorded by version 3, is missing'],
    ['doubled', [line(1, 50), ...sound], `the value 1 at ${at(50)} is there more than once`],
    [
      'unknown',
      [...sound, line(9, 120)],
      `the value 9 at ${at(120)} is one that no command was acknowledged for`,
    ],
    [
      'moved in time',
      [line(1, 50), line(3, 51), line(2, 100)],
      `the value 3 at ${at(51)} was measured at ${at(50)}`,
    ],
    [
      'measured when it was not under way',
      [line(1, 50), line(3, 50), line(2, 111)],
      `the value 2 at ${at(111)} was under way from ${at(90)} to ${at(110)}`,
    ],
    [
      'out of the order of instants',
      [line(1, 50), line(2, 100), line(3, 50)],
      `the value 3 at ${at(50)} stands behind 2 at ${at(100)}`,
    ],
    [
      'out of the order of recording',
      [line(3, 50), line(1, 50), line(2, 100)],
      `the value 1 at ${at(50)} stands behind 3 at ${at(50)}`,
    ],
  ])('finds a value that is %s', (_what, lines, finding) => {
    expect(compareHistory(soundBook(), lines).findings).toContain(finding);
  });
});
