import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isRejected } from '../../../kernel/index.ts';
import type { MetricEvent } from './events.ts';
import { type LiveMetric, type Measurement, type Metric, type MetricCommand, metrics } from './metric.ts';
import { archive, at, created, expire, record, setTarget } from './metrics.fixture.ts';
import { directions, isReachedBy } from './target.ts';

/** Few different values and instants: equal ones are frequent. */
const value = fc.integer({ min: -2, max: 2 });
const direction = fc.constantFrom(undefined, ...directions);
const second = fc.integer({ min: 0, max: 12 });
const measured = fc.tuple(
  value,
  fc.option(
    second.map((one) => at(one)),
    { nil: undefined },
  ),
);
const command: fc.Arbitrary<(now: string) => MetricCommand> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .array(measured, { minLength: 1, maxLength: 4 })
      .map((list) => (now: string) => record(now, ...list)),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(value, second, direction).map(
      ([target, due, towards]) =>
        (now: string) =>
          setTarget(target, at(due), now, towards),
    ),
  },
  { weight: 2, arbitrary: second.map((due) => (now: string) => expire(at(due), now)) },
  { weight: 1, arbitrary: fc.constant(archive) },
);
/** Commands in order, each with the seconds since the previous one. */
const history = fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), command), { maxLength: 12 });

/** Runs the commands and calls back with each of their commits. */
function play(
  commands: readonly (readonly [waitSeconds: number, command: (now: string) => MetricCommand])[],
  onCommit: (commit: {
    now: string;
    before: LiveMetric;
    events: readonly MetricEvent[];
    after: LiveMetric;
  }) => void,
): void {
  let state: Metric = metrics.evolve(metrics.initialState(), created());
  let elapsed = 0;
  for (const [wait, make] of commands) {
    elapsed += wait;
    const decision = metrics.decide(make(at(elapsed)), state);
    if (isRejected(decision)) continue;
    const after: Metric = decision.reduce(metrics.evolve, state);
    onCommit({ now: at(elapsed), before: state as LiveMetric, events: decision, after: after as LiveMetric });
    state = after;
  }
}

describe('after any commands', () => {
  it('the current value has the latest instant; of equal instants, it is the last recorded', () => {
    fc.assert(
      fc.property(history, (commands) => {
        let expected: Measurement | undefined;
        play(commands, ({ events, after }) => {
          for (const event of events) {
            if (event.type !== 'Metric:ValueRecorded') continue;
            if (expected === undefined || event.data.at >= expected.at) expected = event.data;
          }
          expect(after.current).toEqual(expected);
        });
      }),
    );
  });

  it('a target is reached at most once and expires at most once; after that only a late value reaches it', () => {
    fc.assert(
      fc.property(history, (commands) => {
        let outcome = 'none';
        play(commands, ({ events }) => {
          for (const { type } of events) {
            if (type === 'Metric:TargetSet') outcome = 'pending';
            if (type === 'Metric:TargetReached') {
              expect(['pending', 'expired']).toContain(outcome);
              outcome = 'reached';
            }
            if (type === 'Metric:Expired') {
              expect(outcome).toBe('pending');
              outcome = 'expired';
            }
          }
        });
      }),
    );
  });

  it('no target expires before its deadline, and only a value in time and beyond the target reaches one', () => {
    fc.assert(
      fc.property(history, (commands) => {
        play(commands, ({ now, events, after }) => {
          for (const event of events) {
            if (event.type === 'Metric:Expired') expect(event.data.deadline < now).toBe(true);
            if (event.type !== 'Metric:TargetReached') continue;
            const { value: reaching, target } = event.data;
            expect(after.target?.direction === 'at-most' ? reaching <= target : reaching >= target).toBe(
              true,
            );
          }
        });
        play(commands, ({ after: { target } }) => {
          if (target?.outcome !== 'reached') return;
          expect(target.reachedAt).toBeDefined();
          expect(
            target.reachedAt && target.reachedAt >= target.setAt && target.reachedAt <= target.deadline,
          ).toBe(true);
        });
      }),
    );
  });

  it('a target with a value in time and beyond it is neither pending nor expired', () => {
    fc.assert(
      fc.property(history, (commands) => {
        play(commands, ({ events, after: { target } }) => {
          if (target === undefined || target.outcome === 'reached') return;
          for (const event of events) {
            if (event.type !== 'Metric:ValueRecorded') continue;
            const { at: measuredAt, value: one } = event.data;
            const inTime = measuredAt >= target.setAt && measuredAt <= target.deadline;
            expect(inTime && isReachedBy(target, one)).toBe(false);
          }
        });
      }),
    );
  });

  it('an archived metric does not change', () => {
    fc.assert(
      fc.property(history, (commands) => {
        play(commands, ({ before, events }) => {
          if (before.status === 'archived') expect(events).toEqual([]);
        });
      }),
    );
  });
});
