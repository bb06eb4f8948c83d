import { describe, expect, it } from '@jest/globals';
import { scenariosOf } from '../../../kernel/testing/index.ts';
import { type LiveMetric, metrics } from './metric.ts';
import {
  archive,
  archived,
  at,
  create,
  created,
  deadline,
  expire,
  expired,
  reached,
  record,
  recorded,
  setTarget,
  targeted,
  targetSet,
} from './metrics.fixture.ts';

const { given } = scenariosOf(metrics);

describe('creating a metric', () => {
  it('records name, unit and description', () => {
    given()
      .when(create(at(5)))
      .thenEvents(created(at(5)));
    const described = { type: 'Create', name: 'n', unit: 'EUR', description: 'd', now: at(1) } as const;
    given()
      .when(described)
      .thenEvents({ type: 'Metric:Created', data: { name: 'n', unit: 'EUR', description: 'd', at: at(1) } });
    given()
      .when(create(at(5)))
      .thenState({ status: 'live', createdAt: at(5) });
  });

  it('is refused for an existing metric, live or archived', () => {
    given(created())
      .when(create(at(1)))
      .thenRejected('metrics/already-exists');
    given(created(), archived(at(1)))
      .when(create(at(2)))
      .thenRejected('metrics/already-exists');
  });

  it.each([setTarget(1, at(9), at(1)), record(at(1), [1]), archive(at(1)), expire(at(1), at(2))])(
    'must be first: %j is refused for an unknown metric',
    (command) => {
      given().when(command).thenRejected('metrics/not-found');
    },
  );
});

describe('setting a target', () => {
  it('needs a deadline in the future', () => {
    given(created())
      .when(setTarget(100, deadline, at(10)))
      .thenEvents(targetSet(100, deadline, at(10)));
    given(created())
      .when(setTarget(100, at(10, 1), at(10)))
      .thenEvents(targetSet(100, at(10, 1), at(10)));
    given(created())
      .when(setTarget(100, at(10), at(10)))
      .thenRejected('metrics/deadline-passed');
    given(created())
      .when(setTarget(100, at(9), at(10)))
      .thenRejected('metrics/deadline-passed');
  });

  it('reaches the target immediately if it is at or below the current value', () => {
    const past = [created(), recorded(100, at(5))];
    given(...past)
      .when(setTarget(100, deadline, at(10)))
      .thenEvents(targetSet(100, deadline, at(10)), reached(100, 100, at(10)));
    given(...past)
      .when(setTarget(-7, deadline, at(10)))
      .thenEvents(targetSet(-7, deadline, at(10)), reached(-7, 100, at(10)));
    given(...past)
      .when(setTarget(100.5, deadline, at(10)))
      .thenEvents(targetSet(100.5, deadline, at(10)));
  });

  it('compares with the current value, not with the largest value', () => {
    given(created(), recorded(500, at(4)), recorded(3, at(5)))
      .when(setTarget(100, deadline, at(10)))
      .thenEvents(targetSet(100, deadline, at(10)));
  });

  it('replaces a pending target without another event', () => {
    given(...targeted)
      .when(setTarget(5, at(70), at(20)))
      .thenEvents(targetSet(5, at(70), at(20)));
    given(...targeted)
      .when(setTarget(5, at(70), deadline))
      .thenEvents(targetSet(5, at(70), deadline));
  });

  it('expires an overdue target first, in the same commit', () => {
    given(...targeted)
      .when(setTarget(5, at(90), at(60, 1)))
      .thenEvents(expired(100, deadline), targetSet(5, at(90), at(60, 1)));
  });

  it('is possible again after success and after expiry', () => {
    const next = setTarget(300, at(200), at(100));
    const begun = targetSet(300, at(200), at(100));
    given(...targeted, recorded(120, at(20)), reached(100, 120, at(20)))
      .when(next)
      .thenEvents(begun);
    given(...targeted, expired(100, deadline))
      .when(next)
      .thenEvents(begun);
    given(...targeted, recorded(120, at(20)), reached(100, 120, at(20)))
      .when(next)
      .thenState({
        status: 'live',
        createdAt: at(0),
        current: { value: 120, at: at(20) },
        target: { value: 300, deadline: at(200), setAt: at(100), outcome: 'pending' },
      });
  });
});

describe('recording values', () => {
  it('needs no target', () => {
    given(created())
      .when(record(at(5), [7]))
      .thenEvents(recorded(7, at(5)));
    given(created())
      .when(record(at(5), [0, at(0)]))
      .thenEvents(recorded(0, at(0)));
  });

  it('sets the current value to the latest; of equal instants, to the last recorded', () => {
    const stateOf = (value: number, measuredAt: string) => ({
      status: 'live' as const,
      createdAt: at(0),
      current: { value, at: measuredAt },
    });
    given(created(), recorded(7, at(5)))
      .when(record(at(9), [8, at(4)]))
      .thenState(stateOf(7, at(5)));
    given(created(), recorded(7, at(5)))
      .when(record(at(9), [8, at(5)]))
      .thenState(stateOf(8, at(5)));
    given(created())
      .when(record(at(9), [1, at(6)], [2, at(7)], [3, at(7)], [4, at(5)]))
      .thenState(stateOf(3, at(7)));
  });

  it('sorts a list by instant, and keeps the order of equal instants', () => {
    given(created())
      .when(record(at(9), [1], [2, at(3)], [3, at(8)], [4, at(3)], [5, at(9)]))
      .thenEvents(
        recorded(2, at(3)),
        recorded(4, at(3)),
        recorded(3, at(8)),
        recorded(1, at(9)),
        recorded(5, at(9)),
      );
  });

  it('refuses the whole list if one value is in the future or before the metric was created', () => {
    given(created(at(5)))
      .when(record(at(9), [1], [2, at(9, 1)]))
      .thenRejected('metrics/in-the-future');
    given(created(at(5)))
      .when(record(at(9), [2, at(9, 1)], [1, at(6)]))
      .thenRejected('metrics/in-the-future');
    given(created(at(5)))
      .when(record(at(9), [1], [2, at(4, 999)]))
      .thenRejected('metrics/before-creation');
    given(created(at(5)))
      .when(record(at(9), [1, at(5)]))
      .thenEvents(recorded(1, at(5)));
  });

  it('works if the clock is behind that of the previous command', () => {
    given(created(at(5)))
      .when(record(at(4), [1]))
      .thenEvents(recorded(1, at(5)));
    given(created(), recorded(7, at(5)))
      .when(record(at(4), [8]))
      .thenEvents(recorded(8, at(5)));
    given(created(), recorded(7, at(5)))
      .when(record(at(4), [8, at(5, 1)]))
      .thenRejected('metrics/in-the-future');
  });
});

describe('archiving', () => {
  it('archives a metric, and expires an overdue target', () => {
    given(created())
      .when(archive(at(20)))
      .thenEvents(archived(at(20)));
    given(...targeted)
      .when(archive(deadline))
      .thenEvents(archived(deadline));
    given(...targeted)
      .when(archive(at(60, 1)))
      .thenEvents(expired(100, deadline), archived(at(60, 1)));
  });

  it.each([setTarget(1, at(99), at(30)), record(at(30), [1]), archive(at(30))])(
    'is final: %j is refused',
    (command) => {
      given(...targeted, archived(at(20)))
        .when(command)
        .thenRejected('metrics/archived');
    },
  );

  it('keeps value and target', () => {
    given(...targeted, recorded(5, at(15)))
      .when(archive(at(20)))
      .thenState({
        status: 'archived',
        createdAt: at(0),
        current: { value: 5, at: at(15) },
        target: { value: 100, deadline, setAt: at(10), outcome: 'pending' },
      } satisfies LiveMetric);
  });
});

it('an unknown metric ignores events other than its creation', () => {
  expect(metrics.evolve(metrics.initialState(), recorded(1, at(1)))).toEqual({ status: 'unknown' });
});
