import { describe, expect, it } from '@jest/globals';
import type { Api } from './api.ts';
import { catchUp, type Rows } from './catch-up.ts';

/** A read model and a health route that show these one after the other; the last repeats. */
function waiting(looks: readonly Rows[], health: readonly (number | undefined)[]) {
  let [looked, asked, nowMs] = [0, 0, 0];
  const workload = {
    catchUp: async () => looks[Math.min(looked++, looks.length - 1)] ?? { current: 0, total: 0, progress: 0 },
  };
  const api = {
    send: async () => {
      const behindMs = health[Math.min(asked++, health.length - 1)];
      return { status: 200, headers: {}, body: { projectors: [{ name: 'ledger', behindMs }] } };
    },
  } as unknown as Api;
  const clock = {
    nowMs: () => nowMs,
    wait: async (durationMs: number) => {
      nowMs += durationMs;
    },
  };
  const { signal } = new AbortController();
  return catchUp({ workloads: [workload], api, signal, clock, onProgress: () => undefined });
}

const reached = { current: 2, total: 2, progress: 9 };

describe('catchUp', () => {
  it('ends when all rows are up to date and no projector is behind', async () => {
    const { missing, tookMs } = await waiting([{ ...reached, current: 1 }, reached], [40, 5, 0]);
    expect(missing).toBeUndefined();
    expect(tookMs).toBe(400);
  });

  it('gives up on rows that do not change', async () => {
    const { missing, tookMs } = await waiting([{ ...reached, current: 1 }], [0]);
    expect(missing).toBe('1 of 2 rows are out of date; projector lag 0 ms');
    expect(tookMs).toBeLessThan(61_000);
  });

  it('does not end while the projector lag is above zero or unknown', async () => {
    expect((await waiting([reached], [7])).missing).toBe('0 of 2 rows are out of date; projector lag 7 ms');
    expect((await waiting([reached], [undefined])).missing).toMatch(/projector lag unknown$/);
  });

  it('waits while anything changes, up to an hour', async () => {
    const moving = Array.from({ length: 100_000 }, (_, progress) => ({ current: 0, total: 2, progress }));
    const { missing, tookMs } = await waiting(moving, [0]);
    expect(missing).toMatch(/^2 of 2 rows/);
    expect(tookMs).toBeGreaterThanOrEqual(3_600_000);
    expect(tookMs).toBeLessThan(3_601_000);
  });
});
