import { describe, expect, it } from '@jest/globals';
import type { Api } from './api.ts';
import { catchUp } from './catch-up.ts';
import type { CatchUp, Workload } from './workload.ts';

/** A read model and a health route that are each seen as listed, the last for ever. */
function waiting(looks: readonly CatchUp[], health: readonly (number | undefined)[]) {
  let [looked, asked, nowMs] = [0, 0, 0];
  const workload: Workload = {
    name: 'spec',
    scale: '',
    holdings: '',
    eventCount: 0,
    step: async () => undefined,
    catchUp: async () => looks[Math.min(looked++, looks.length - 1)] ?? { current: 0, total: 0, progress: 0 },
    verify: async () => [],
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
  const bounds = { stalledAfterMs: 10_000, longestMs: 60_000 };
  return catchUp({ workloads: [workload], api, signal, clock, ...bounds, onProgress: () => undefined });
}

const reached = { current: 2, total: 2, progress: 9 };

describe('catchUp', () => {
  it('is over when all rows are there and health agrees', async () => {
    const { missing, tookMs } = await waiting([{ ...reached, current: 1 }, reached], [40, 5, 0]);
    expect(missing).toBeUndefined();
    expect(tookMs).toBe(400);
  });

  it('gives up on rows that do not move', async () => {
    const { missing, tookMs } = await waiting([{ ...reached, current: 1 }], [0]);
    expect(missing).toBe('1 of 2 rows are not there yet; health is 0 ms behind');
    expect(tookMs).toBeLessThan(11_000);
  });

  it('does not take rows for granted where health is behind, or silent', async () => {
    expect((await waiting([reached], [7])).missing).toBe(
      '0 of 2 rows are not there yet; health is 7 ms behind',
    );
    expect((await waiting([reached], [undefined])).missing).toMatch(/health does not say how far behind$/);
  });

  it('waits on while anything moves, up to its bound', async () => {
    const moving = Array.from({ length: 1_000 }, (_, progress) => ({ current: 0, total: 2, progress }));
    const { missing, tookMs } = await waiting(moving, [0]);
    expect(missing).toMatch(/^2 of 2 rows/);
    expect(tookMs).toBeGreaterThanOrEqual(60_000);
    expect(tookMs).toBeLessThan(61_000);
  });
});
