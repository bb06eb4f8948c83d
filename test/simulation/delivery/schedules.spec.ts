import { describe, expect, it } from '@jest/globals';
import { deliveryOf } from './delivery.fixture.ts';
import { Schedules } from './schedules.ts';

const minuteMs = 60_000;

/** Runs the schedules for a time, then stops them. `busyFromMs`: from then on, the API is called every 10 s. */
async function scheduledFor(forMs: number, busyFromMs: number) {
  const all = deliveryOf();
  const schedules = new Schedules(all.world, all.lambda);
  schedules.start();
  for (let atMs = busyFromMs; atMs < forMs; atMs += 10_000) {
    all.world.time.after(atMs, () => all.lambda.invoke('api', {}));
  }
  all.world.time.after(forMs, () => schedules.stop());
  await all.run();
  expect(schedules.isDrained).toBe(true);
  return all;
}

describe('schedules', () => {
  it('run the functions every minute while the system is used, until they are stopped', async () => {
    const all = await scheduledFor(10 * minuteMs, 0);
    for (const name of ['publisher', 'metrics-sweeper'] as const) {
      const times = all.gotBy(name).map(({ atMs }) => atMs);
      expect(times).toHaveLength(10);
      const gaps = times.slice(1).map((atMs, index) => atMs - (times[index] ?? 0));
      expect(Math.max(...gaps)).toBeLessThan(minuteMs + 1_000);
    }
    expect(all.world.elapsedMs).toBeLessThan(12 * minuteMs);
  });

  it('run them rarely while nothing else happens, and every minute again afterwards', async () => {
    const busyFromMs = 20 * 60 * minuteMs;
    const all = await scheduledFor(busyFromMs + 10 * minuteMs, busyFromMs);
    const times = all.gotBy('metrics-sweeper').map(({ atMs }) => atMs);
    expect(times.filter((atMs) => atMs < busyFromMs).length).toBeLessThan(60);
    expect(times.filter((atMs) => atMs >= busyFromMs).length).toBeGreaterThanOrEqual(9);
  });
});
