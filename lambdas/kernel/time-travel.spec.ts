import { beforeAll, describe, expect, it } from '@jest/globals';
import { MemoryEventLog } from './memory/memory-event-log.ts';
import type { PointInTime } from './point-in-time.ts';
import { commitAt } from './testing/commits.fixture.ts';
import { counter, counterEvents } from './testing/counter.fixture.ts';
import { stateAt } from './time-travel.ts';

const stream = 'counter/past';
const added = (amount: number) => ({
  id: `e${amount}`,
  type: 'Counter:Added',
  schemaVersion: 1,
  data: { amount },
});

describe('the state of a stream at a point in time', () => {
  const log = new MemoryEventLog();
  beforeAll(async () => {
    await log.append([
      commitAt(stream, 1, 1, { events: [added(1)], committedAt: '2026-01-01T00:00:01.000Z' }),
    ]);
    const three = [added(10), added(20), added(30)];
    await log.append([commitAt(stream, 2, 3, { events: three, committedAt: '2026-01-01T00:00:02.000Z' })]);
    await log.append([
      commitAt(stream, 5, 1, { events: [added(100)], committedAt: '2026-01-01T00:00:02.000Z' }),
    ]);
  });

  const totalThen = async (then: PointInTime, name: `counter/${string}` = stream) => {
    const { state, version } = await stateAt({ log }, counterEvents, name, then, {
      initial: counter.initialState(),
      apply: (before, event) => counter.evolve(before, event as never),
    });
    return [state.total, version];
  };

  it.each([
    [{ version: 1 }, [1, 1]],
    [{ version: 2 }, [11, 2]],
    [{ version: 4 }, [61, 4]],
    [{ version: 5 }, [161, 5]],
    [{ version: 99 }, [161, 5]],
    [{ at: '2026-01-01T00:00:00.999Z' }, [0, 0]],
    [{ at: '2026-01-01T00:00:01.000Z' }, [1, 1]],
    [{ at: '2026-01-01T00:00:01.999Z' }, [1, 1]],
    [{ at: '2026-01-01T00:00:02.000Z' }, [161, 5]],
  ])('%j', async (then, expected) => {
    expect(await totalThen(then)).toEqual(expected);
  });

  it('of a stream that does not exist is the initial one, at version 0', async () => {
    expect(await totalThen({ version: 3 }, 'counter/none')).toEqual([0, 0]);
  });
});
