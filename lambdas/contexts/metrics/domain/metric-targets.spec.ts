import { describe, it } from '@jest/globals';
import { scenariosOf } from '../../../kernel/testing/index.ts';
import { metrics } from './metric.ts';
import {
  archived,
  at,
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

  it('is possible exactly at the deadline, but not a millisecond later', () => {
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

  it('uses the instant of a late value, before and after the sweep', () => {
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

  it('applies to the current target, not to the one it replaced', () => {
    given(...targeted, expired(100, deadline), targetSet(300, at(200), at(100)))
      .when(record(at(110), [120, at(50)]))
      .thenEvents(recorded(120, at(50)));
  });

  it('accepts a value from before the target was set if it is the newest', () => {
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

  it('accepts a value from the instant at which the target was set', () => {
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

  it('does nothing for a target that is settled, replaced, archived or missing', () => {
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

  it('does nothing for a new target before its deadline, although a late sweep names it', () => {
    given(...targeted, targetSet(300, at(200), at(50)))
      .when(expire(at(200), at(100)))
      .thenEvents();
  });
});

describe('a target of at most a value', () => {
  const falling = [created(), targetSet(-10, deadline, at(10), 'at-most')];

  it('is reached by a value that is small enough', () => {
    given(...falling)
      .when(record(at(20), [-9.9]))
      .thenEvents(recorded(-9.9, at(20)));
    given(...falling)
      .when(record(at(20), [-10]))
      .thenEvents(recorded(-10, at(20)), reached(-10, -10, at(20)));
    given(...falling)
      .when(record(at(50), [5, at(30)], [-20, at(40)]))
      .thenEvents(recorded(5, at(30)), recorded(-20, at(40)), reached(-10, -20, at(40)));
  });

  it('is reached when it is set, if the current value is small enough', () => {
    given(created(), recorded(3, at(5)))
      .when(setTarget(3, deadline, at(10), 'at-most'))
      .thenEvents(targetSet(3, deadline, at(10), 'at-most'), reached(3, 3, at(10)));
    given(created(), recorded(4, at(5)))
      .when(setTarget(3, deadline, at(10), 'at-most'))
      .thenEvents(targetSet(3, deadline, at(10), 'at-most'));
  });

  it('can be reached late by a value in time, after it expired', () => {
    given(...falling, expired(-10, deadline))
      .when(record(at(90), [-11, at(50)]))
      .thenEvents(recorded(-11, at(50)), reached(-10, -11, at(50)));
  });

  it('loses its direction to the target that replaces it', () => {
    given(...falling, targetSet(5, deadline, at(20)))
      .when(record(at(30), [4]))
      .thenEvents(recorded(4, at(30)));
  });

  it('has its direction in the event if the command states the default', () => {
    given(created())
      .when(setTarget(-5, deadline, at(10), 'at-least'))
      .thenEvents(targetSet(-5, deadline, at(10), 'at-least'));
  });
});
