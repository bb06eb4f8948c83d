import { describe, expect, it } from '@jest/globals';
import { Aggregate } from '../aggregate.ts';
import { replay } from '../replay.ts';
import { metricsModel } from './model.ts';
import {
  type MetricCommand,
  type MetricStatus,
  type MetricTypes,
  possibleStatuses,
  possibleVersions,
} from './rules.ts';

const target = (value: number, deadlineMs: number): MetricCommand => ({ kind: 'target', value, deadlineMs });
const values = (...sent: readonly (readonly [value: number, atMs?: number])[]): MetricCommand => ({
  kind: 'values',
  values: sent.map(([value, atMs]) => ({ value, atMs })),
});
const archive: MetricCommand = { kind: 'archive' };

type Answered = readonly [
  command: MetricCommand,
  ms: number,
  version: number,
  status: MetricStatus,
  value?: number,
];

/** Replays commands carried out within 10 ms of an instant, at which a value without an instant was measured. */
function replayed(...answers: readonly Answered[]) {
  const model = metricsModel(1, 'spec');
  const { state } = model.create(0, 'key');
  const metric = new Aggregate<MetricTypes>('m', 0, { ...state, version: 1 });
  const history = answers.flatMap(([command, ms]) =>
    command.kind === 'values'
      ? command.values.map(({ value }) => ({ value, at: new Date(ms).toISOString() }))
      : [],
  );
  for (const [command, ms, version, status, value] of answers) {
    const reply = { version, created: false, result: { status, value } };
    metric.done.push({ command, version, now: { earliestMs: ms - 10, latestMs: ms + 10 }, reply });
  }
  return replay(model, metric, history);
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
      'an expiry that the next target records',
      [
        [target(5, 200), 100, 2, 'active'],
        [target(6, 1_000), 300, 4, 'active'],
      ],
    ],
    [
      'an expiry that archiving records',
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
      'an expiry without an event',
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
      'a value from before the target, when a newer one is known',
      [
        [values([1, 90]), 95, 2, 'untargeted', 1],
        [target(5, 1_000), 100, 3, 'active', 1],
        [values([6, 50]), 300, 4, 'active', 1],
      ],
    ],
    [
      'a value that may be from before or after the target: the answer decides',
      [
        [values([1, 108]), 115, 2, 'untargeted', 1],
        [target(5, 1_000), 120, 3, 'active', 1],
        [values([2, 125]), 130, 4, 'active', 2],
        [values([6, 118]), 300, 6, 'successful', 2],
      ],
    ],
  ])('%s', (_what, answers) => {
    const { state, findings } = replayed(...answers);
    expect(findings).toEqual([]);
    expect(state.version).toBe(answers.at(-1)?.[2]);
  });
});

describe('replay reports', () => {
  it.each<[string, readonly Answered[], RegExp]>([
    ['an event too many', [[values([1]), 100, 3, 'untargeted', 1]], /"version":3.*expected: .*"version":2/],
    ['an event too few', [[values([1], [2]), 100, 2, 'untargeted', 2]], /expected: .*"version":3/],
    [
      'a target that was not reached',
      [
        [target(5, 1_000), 100, 2, 'active'],
        [values([6]), 200, 3, 'active', 6],
      ],
      /expected: {"version":4,"created":false,"result":{"status":"successful","value":6}}$/,
    ],
    [
      'a target reached after its deadline',
      [
        [target(5, 200), 100, 2, 'active'],
        [values([6]), 300, 4, 'successful', 6],
      ],
      /expected: .*"version":3,.*"expired".* or .*"version":4,.*"expired"/,
    ],
    [
      'a target reached twice',
      [
        [target(5, 1_000), 100, 2, 'active'],
        [values([6]), 200, 4, 'successful', 6],
        [values([7]), 300, 6, 'successful', 7],
      ],
      /expected: .*"version":5/,
    ],
    [
      'an expiry that is missing',
      [
        [target(5, 200), 100, 2, 'active'],
        [target(6, 1_000), 300, 3, 'active'],
      ],
      /expected: .*"version":4,.*"active"/,
    ],
    [
      'an expiry before its time',
      [
        [target(5, 1_000), 100, 2, 'active'],
        [values([1]), 200, 4, 'expired', 1],
      ],
      /expected: .*"version":3,.*"active"/,
    ],
    [
      'another current value',
      [
        [values([3, 90]), 100, 2, 'untargeted', 3],
        [values([4, 80]), 200, 3, 'untargeted', 4],
      ],
      /expected: .*"version":3,.*"value":3}}$/,
    ],
    [
      'a command after archiving',
      [
        [archive, 100, 2, 'archived'],
        [values([1]), 200, 3, 'archived', 1],
      ],
      /expected: {"refused":"metrics.archived"}$/,
    ],
  ])('%s', (_what, answers, sentence) => {
    expect(replayed(...answers).findings).toEqual([expect.stringMatching(sentence)]);
  });
});

describe('a pending target', () => {
  const { state } = replayed([target(5, 1_000), 100, 2, 'active']);

  it.each<[number, number, MetricStatus[], number[]]>([
    [900, 1_000, ['active'], [2]],
    [900, 1_100, ['active', 'expired'], [2, 3]],
    [1_001, 1_100, ['expired'], [2, 3]],
  ])('shows, from %i to %i ms, %j at one of the versions %j', (earliestMs, latestMs, statuses, versions) => {
    expect(possibleStatuses(state, { earliestMs, latestMs })).toEqual(statuses);
    expect(possibleVersions(state, { earliestMs, latestMs })).toEqual(versions);
  });

  it.each<[string, Answered, MetricStatus]>([
    ['reached', [values([6]), 200, 4, 'successful', 6], 'successful'],
    ['archived', [archive, 200, 3, 'archived'], 'archived'],
  ])('does not expire once it is %s', (_what, answered, status) => {
    const late = { earliestMs: 2_000, latestMs: 2_000 };
    const { state } = replayed([target(5, 1_000), 100, 2, 'active'], answered);
    expect(possibleStatuses(state, late)).toEqual([status]);
    expect(possibleVersions(state, late)).toEqual([state.version]);
  });
});

describe('a row of metrics', () => {
  const { isSettled, evolve, create } = metricsModel(1, 'spec');
  it.each([
    ['is not settled while a deadline is near', 1_000, false],
    ['is settled while a deadline is far', 100_000, true],
    ['is settled when a deadline has surely passed', -1, true],
  ])('%s', (_what, deadlineMs, expected) => {
    const state = evolve(create(0, 'key').state, target(1, deadlineMs));
    expect(isSettled?.(state, { earliestMs: 0, latestMs: 0 })).toBe(expected);
  });
});
