import { describe, expect, it } from '@jest/globals';
import { scenariosOf } from '../eventsourcing/given-when-then.ts';
import { type LiveMetric, metrics } from './metric.ts';
import {
  archive,
  archived,
  at,
  create,
  created,
  expire,
  expired,
  reached,
  record,
  recorded,
  setTarget,
  targetSet,
} from './metrics.fixture.ts';

const { given } = scenariosOf(metrics);

/** A target of 100, set at second 10, due at second 60. */
const deadline = at(60);
const targeted = [created(), targetSet(100, deadline, at(10))];

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

  it('is refused for an id that is taken, live or archived', () => {
    given(created())
      .when(create(at(1)))
      .thenRejected('metrics/already-exists');
    given(created(), archived(at(1)))
      .when(create(at(2)))
      .thenRejected('metrics/already-exists');
  });

  it.each([setTarget(1, at(9), at(1)), record(at(1), [1]), archive(at(1)), expire(at(1), at(2))])(
    'comes first: %j is refused for an unknown metric',
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

  it('at or below the current value reaches it at once, above it does not', () => {
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

  it('looks at the value that is current, not at the largest there was', () => {
    given(created(), recorded(500, at(4)), recorded(3, at(5)))
      .when(setTarget(100, deadline, at(10)))
      .thenEvents(targetSet(100, deadline, at(10)));
  });

  it('replaces a pending target without a word about it', () => {
    given(...targeted)
      .when(setTarget(5, at(70), at(20)))
      .thenEvents(targetSet(5, at(70), at(20)));
    given(...targeted)
      .when(setTarget(5, at(70), deadline))
      .thenEvents(targetSet(5, at(70), deadline));
  });

  it('lets an overdue target expire first, in the same commit', () => {
    given(...targeted)
      .when(setTarget(5, at(90), at(60, 1)))
      .thenEvents(expired(100, deadline), targetSet(5, at(90), at(60, 1)));
  });

  it('is possible again after success and after expiry, and begins anew', () => {
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

  it('makes the value with the latest instant the current one, of one instant the last recorded', () => {
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

  it('puts a list into the order of measuring, and keeps that of equal instants', () => {
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

  it('refuses the whole list for one value from the future or from before the metric', () => {
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

  it('is not thrown off by a clock that runs behind the one before it', () => {
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

describe('reaching a target', () => {
  it('is an event of the commit that records the value', () => {
    given(...targeted)
      .when(record(at(20), [99.9]))
      .thenEvents(recorded(99.9, at(20)));
    given(...targeted)
      .when(record(at(20), [100]))
      .thenEvents(recorded(100, at(20)), reached(100, 100, at(20)));
    given(...targeted)
      .when(record(at(20), [100]))
      .thenState({
        status: 'live',
        createdAt: at(0),
        current: { value: 100, at: at(20) },
        target: { value: 100, deadline, setAt: at(10), outcome: 'reached', reachedAt: at(20) },
      });
  });

  it('counts exactly at the deadline, and not a millisecond later', () => {
    given(...targeted)
      .when(record(deadline, [120]))
      .thenEvents(recorded(120, deadline), reached(100, 120, deadline));
    given(...targeted)
      .when(record(at(60, 1), [120]))
      .thenEvents(recorded(120, at(60, 1)));
  });

  it('happens once, at the first value of the list that is large enough', () => {
    given(...targeted)
      .when(record(at(50), [400, at(40)], [5, at(20)], [130, at(30)]))
      .thenEvents(
        recorded(5, at(20)),
        recorded(130, at(30)),
        reached(100, 130, at(30)),
        recorded(400, at(40)),
      );
    given(...targeted, recorded(120, at(20)), reached(100, 120, at(20)))
      .when(record(at(30), [130]))
      .thenEvents(recorded(130, at(30)));
  });

  it('counts a late value by its own time, before the sweep and after it', () => {
    const late = record(at(500), [120, deadline]);
    const then = [recorded(120, deadline), reached(100, 120, deadline)];
    given(...targeted)
      .when(late)
      .thenEvents(...then);
    given(...targeted, expired(100, deadline))
      .when(late)
      .thenEvents(...then);
    given(...targeted, expired(100, deadline))
      .when(record(at(500), [120, at(60, 1)]))
      .thenEvents(recorded(120, at(60, 1)));
    given(...targeted, expired(100, deadline))
      .when(late)
      .thenState({
        status: 'live',
        createdAt: at(0),
        current: { value: 120, at: deadline },
        target: { value: 100, deadline, setAt: at(10), outcome: 'reached', reachedAt: deadline },
      });
  });

  it('counts for the target that is set, not for the one it replaced', () => {
    given(...targeted, expired(100, deadline), targetSet(300, at(200), at(100)))
      .when(record(at(110), [120, at(50)]))
      .thenEvents(recorded(120, at(50)));
  });

  it('counts a value from before the target was set while nothing newer is known', () => {
    given(...targeted)
      .when(record(at(20), [120, at(9)]))
      .thenEvents(recorded(120, at(9)), reached(100, 120, at(10)));
    given(created(), recorded(3, at(8)), targetSet(100, deadline, at(10)))
      .when(record(at(20), [120, at(9)]))
      .thenEvents(recorded(120, at(9)), reached(100, 120, at(10)));
    given(created(), recorded(3, at(9)), targetSet(100, deadline, at(10)))
      .when(record(at(20), [120, at(8)]))
      .thenEvents(recorded(120, at(8)));
    given(...targeted, recorded(3, at(12)))
      .when(record(at(20), [120, at(9)]))
      .thenEvents(recorded(120, at(9)));
  });

  it('counts a value from the very instant at which the target was set', () => {
    given(...targeted, recorded(3, at(12)))
      .when(record(at(20), [120, at(10)]))
      .thenEvents(recorded(120, at(10)), reached(100, 120, at(10)));
  });
});

describe('expiring a target', () => {
  it('happens a millisecond after the deadline, not at it', () => {
    given(...targeted)
      .when(expire(deadline, at(60, 1)))
      .thenEvents(expired(100, deadline));
    given(...targeted)
      .when(expire(deadline, deadline))
      .thenEvents();
    given(...targeted)
      .when(expire(deadline, at(60, 1)))
      .thenState({
        status: 'live',
        createdAt: at(0),
        target: { value: 100, deadline, setAt: at(10), outcome: 'expired' },
      });
  });

  it('leaves alone what is settled, replaced, archived or without a target', () => {
    const late = expire(deadline, at(500));
    given(created()).when(late).thenEvents();
    given(...targeted, expired(100, deadline))
      .when(late)
      .thenEvents();
    given(...targeted, recorded(120, at(20)), reached(100, 120, at(20)))
      .when(late)
      .thenEvents();
    given(...targeted, archived(at(20)))
      .when(late)
      .thenEvents();
    given(...targeted, targetSet(300, at(200), at(50)))
      .when(late)
      .thenEvents();
  });

  it('leaves alone a new target whose deadline is still to come, though a lagging sweep names it', () => {
    given(...targeted, targetSet(300, at(200), at(50)))
      .when(expire(at(200), at(100)))
      .thenEvents();
  });
});

describe('archiving', () => {
  it('ends a metric, and expires what is overdue', () => {
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

  it('keeps value and target readable', () => {
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

it('is not touched by events that no metric has come before', () => {
  expect(metrics.evolve(metrics.initialState, recorded(1, at(1)))).toEqual({ status: 'unknown' });
});
