import { describe, expect, it } from '@jest/globals';
import { MetricBook, type MetricEffect, type MetricStatus, type SentValue } from './metric-book.ts';
import { possibleStatuses, possibleVersions, replay } from './metric-replay.ts';

const book = () => new MetricBook('m', { name: 'Spec' }, 0);
const target = (value: number, deadlineMs: number): MetricEffect => ({ kind: 'target', value, deadlineMs });
const values = (...sent: readonly (readonly [value: number, atMs?: number])[]): MetricEffect => ({
  kind: 'values',
  values: sent.map(([value, atMs]) => ({ value, atMs })),
});
const archive: MetricEffect = { kind: 'archive' };

type Answered = readonly [
  effect: MetricEffect,
  ms: number,
  version: number,
  status: MetricStatus,
  value?: number,
];

/** Replays commands carried out within 10 ms of an instant; what has no instant of its own was measured then. */
function replayed(...answers: readonly Answered[]) {
  const metric = book();
  for (const [effect, ms, version, status, value] of answers) {
    metric.book({ effect, version, status, value, now: { earliestMs: ms - 10, latestMs: ms + 10 } });
  }
  return replay(metric, ({ atMs }: SentValue, { now }) => atMs ?? now.earliestMs + 10);
}

describe('replay follows', () => {
  it.each<[string, readonly Answered[]]>([
    ['values in a list, out of order', [[values([3, 50], [1, 20], [2, 50]), 100, 4, 'untargeted', 2]]],
    [
      'a value recorded late, which is not the current one',
      [
        [values([3, 90]), 100, 2, 'untargeted', 3],
        [values([4, 80]), 200, 3, 'untargeted', 3],
      ],
    ],
    [
      'a target reached',
      [
        [target(5, 1_000), 100, 2, 'active'],
        [values([6]), 200, 4, 'successful', 6],
      ],
    ],
    [
      'a target reached the moment it is set',
      [
        [values([6]), 100, 2, 'untargeted', 6],
        [target(5, 1_000), 200, 4, 'successful', 6],
      ],
    ],
    [
      'a target that is replaced, and reached once',
      [
        [target(9, 1_000), 100, 2, 'active'],
        [target(5, 1_000), 150, 3, 'active'],
        [values([6], [7]), 200, 6, 'successful', 7],
        [values([8]), 300, 7, 'successful', 8],
      ],
    ],
    [
      'an expiry that the next target brings',
      [
        [target(5, 200), 100, 2, 'active'],
        [target(6, 1_000), 300, 4, 'active'],
      ],
    ],
    [
      'an expiry that archiving brings',
      [
        [target(5, 200), 100, 2, 'active'],
        [archive, 300, 4, 'archived'],
      ],
    ],
    [
      'an expiry that the sweep recorded before a value',
      [
        [target(5, 200), 100, 2, 'active'],
        [values([6]), 300, 4, 'expired', 6],
      ],
    ],
    [
      'an expiry that only time has brought',
      [
        [target(5, 200), 100, 2, 'active'],
        [values([6]), 300, 3, 'expired', 6],
      ],
    ],
    [
      'a value from before the deadline, recorded after it',
      [
        [target(5, 200), 100, 2, 'active'],
        [values([6, 190]), 300, 5, 'successful', 6],
      ],
    ],
    [
      'a value from before the target, where a newer one is known',
      [
        [values([1, 90]), 95, 2, 'untargeted', 1],
        [target(5, 1_000), 100, 3, 'active', 1],
        [values([6, 50]), 300, 4, 'active', 1],
      ],
    ],
    [
      'a value that may be from before the target or after, as the answer has it',
      [
        [values([1, 108]), 115, 2, 'untargeted', 1],
        [target(5, 1_000), 120, 3, 'active', 1],
        [values([2, 125]), 130, 4, 'active', 2],
        [values([6, 118]), 300, 6, 'successful', 2],
      ],
    ],
  ])('%s', (_what, answers) => {
    const { standing, findings } = replayed(...answers);
    expect(findings).toEqual([]);
    expect(standing.version).toBe(answers.at(-1)?.[2]);
  });
});

describe('replay finds', () => {
  it.each<[string, readonly Answered[], RegExp]>([
    [
      'an event too many',
      [[values([1]), 100, 3, 'untargeted', 1]],
      /to version 3, .* not to version 2, untargeted with 1$/,
    ],
    ['an event too few', [[values([1], [2]), 100, 2, 'untargeted', 2]], /not to version 3/],
    [
      'a target that was not reached',
      [
        [target(5, 1_000), 100, 2, 'active'],
        [values([6]), 200, 3, 'active', 6],
      ],
      /^values led from version 2, active with no value to version 3, active with 6, and not to version 4, successful with 6$/,
    ],
    [
      'a target reached after its deadline',
      [
        [target(5, 200), 100, 2, 'active'],
        [values([6]), 300, 4, 'successful', 6],
      ],
      /not to version 3, expired with 6 or version 4, expired with 6$/,
    ],
    [
      'a target reached twice',
      [
        [target(5, 1_000), 100, 2, 'active'],
        [values([6]), 200, 4, 'successful', 6],
        [values([7]), 300, 6, 'successful', 7],
      ],
      /not to version 5/,
    ],
    [
      'an expiry that is missing',
      [
        [target(5, 200), 100, 2, 'active'],
        [target(6, 1_000), 300, 3, 'active'],
      ],
      /not to version 4, active/,
    ],
    [
      'an expiry before its time',
      [
        [target(5, 1_000), 100, 2, 'active'],
        [values([1]), 200, 4, 'expired', 1],
      ],
      /not to version 3, active with 1$/,
    ],
    [
      'another current value',
      [
        [values([3, 90]), 100, 2, 'untargeted', 3],
        [values([4, 80]), 200, 3, 'untargeted', 4],
      ],
      /not to version 3, untargeted with 3$/,
    ],
    [
      'a command after archiving',
      [
        [archive, 100, 2, 'archived'],
        [values([1]), 200, 3, 'archived', 1],
      ],
      /^values led from version 2, archived with no value to version 3, .* and not to be done$/,
    ],
  ])('%s', (_what, answers, sentence) => {
    expect(replayed(...answers).findings).toEqual([expect.stringMatching(sentence)]);
  });
});

describe('a target that is pending', () => {
  const { standing } = replayed([target(5, 1_000), 100, 2, 'active']);

  it.each<[number, number, MetricStatus[], number[]]>([
    [900, 1_000, ['active'], [2]],
    [900, 1_100, ['active', 'expired'], [2, 3]],
    [1_001, 1_100, ['expired'], [2, 3]],
  ])('is, from %i to %i ms, %j at one of the versions %j', (earliestMs, latestMs, statuses, versions) => {
    expect(possibleStatuses(standing, { earliestMs, latestMs })).toEqual(statuses);
    expect(possibleVersions(standing, { earliestMs, latestMs })).toEqual(versions);
  });

  it('does not expire once it is reached, or archived', () => {
    const late = { earliestMs: 2_000, latestMs: 2_000 };
    const reached = replayed([target(5, 1_000), 100, 2, 'active'], [values([6]), 200, 4, 'successful', 6]);
    expect(possibleStatuses(reached.standing, late)).toEqual(['successful']);
    expect(possibleVersions(reached.standing, late)).toEqual([4]);
    const archived = replayed([target(5, 1_000), 100, 2, 'active'], [archive, 200, 3, 'archived']);
    expect(possibleStatuses(archived.standing, late)).toEqual(['archived']);
    expect(possibleVersions(archived.standing, late)).toEqual([3]);
  });
});
