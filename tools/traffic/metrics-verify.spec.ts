import { describe, expect, it } from '@jest/globals';
import type { Api } from './api.ts';
import { MetricBook } from './metric-book.ts';
import { catchUpMetrics } from './metrics-verify.ts';
import { ServerClock } from './server-clock.ts';

/** A metric at version 2, with a target that is due so many ms from now. */
function metricDue(inMs: number): MetricBook {
  const book = new MetricBook('m', { name: 'Spec' }, 0);
  book.book({
    effect: { kind: 'target', value: 1, deadlineMs: 1_000 + inMs },
    version: 2,
    status: 'active',
    value: undefined,
    now: { earliestMs: 0, latestMs: 0 },
  });
  return book;
}

const apiAt = (version: number) =>
  ({ send: async () => ({ status: 200, headers: {}, body: { version } }) }) as unknown as Api;
const clock = new ServerClock(() => 1_000);

describe('the read model of metrics', () => {
  it.each([
    ['a row has not come so far', 1, 100_000, 0],
    ['a row has come so far', 2, 100_000, 1],
    ['the sweep has taken a row further', 3, -1_000, 1],
    ['a deadline is about to pass', 2, 1_000, 0],
    ['a deadline has surely passed', 2, -251, 1],
    ['clocks leave open whether a deadline has passed', 2, -249, 0],
  ])('%s: at version %i, due in %i ms, %i is current', async (_what, version, dueInMs, current) => {
    const caughtUp = await catchUpMetrics(apiAt(version), clock, [metricDue(dueInMs)]);
    expect(caughtUp).toEqual({ current, total: 1, progress: version });
  });
});
