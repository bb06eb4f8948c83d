import { describe, expect, it } from '@jest/globals';
import type { Api } from './api.ts';
import { type DriveOptions, drive } from './driver.ts';
import { seededRandom } from './random.ts';
import { Tally } from './tally.ts';
import type { Workload } from './workload.ts';

/** A workload of nothing but steps; each commits so many events. */
function workloadOf(eventsPerStep: number, onStep: (steps: number) => void = () => undefined) {
  let [steps, running] = [0, 0];
  const seen = { steps: 0, atOnce: 0, running: () => running };
  const workload: Workload = {
    name: 'spec',
    scale: '',
    holdings: '',
    get eventCount() {
      return steps * eventsPerStep;
    },
    step: async () => {
      running += 1;
      seen.atOnce = Math.max(seen.atOnce, running);
      try {
        await new Promise((resolve) => setImmediate(resolve));
        steps += 1;
        seen.steps = steps;
        onStep(steps);
      } finally {
        running -= 1;
      }
    },
    catchUp: async () => ({ current: 0, total: 0, progress: 0 }),
    verify: async () => [],
  };
  return { workload, seen };
}

function driving(workload: Workload, options: Partial<DriveOptions> = {}) {
  const tally = new Tally();
  const done = drive({
    workloads: [workload],
    api: {} as Api,
    tally,
    random: seededRandom(1),
    events: 100,
    concurrency: 5,
    onProgress: () => undefined,
    ...options,
  });
  return { done, tally };
}

describe('drive', () => {
  it('goes on until enough events are committed, so many steps at a time', async () => {
    const { workload, seen } = workloadOf(1);
    const { done, tally } = driving(workload);
    await done;
    expect(seen.steps).toBeGreaterThanOrEqual(100);
    expect(seen.steps).toBeLessThan(105);
    expect(seen.atOnce).toBe(5);
    expect(tally.unexpected).toEqual([]);
  });

  it('does not go on for ever where nothing is committed', async () => {
    const { workload } = workloadOf(0);
    const { done, tally } = driving(workload, { events: 10 });
    await done;
    expect(tally.unexpected).toEqual(['Only 0 of 10 events were committed in 1200 steps.']);
  });

  it('stops where too much goes wrong', async () => {
    const tally = new Tally();
    const { workload, seen } = workloadOf(0, () => tally.noteUnexpected('wrong'));
    await driving(workload, { tally }).done;
    expect(seen.steps).toBeLessThan(110);
  });

  it('ends with the first error, when no step is under way any more', async () => {
    const { workload, seen } = workloadOf(1, (steps) => {
      if (steps === 20) throw new Error('gone');
    });
    await expect(driving(workload).done).rejects.toThrow('gone');
    expect(seen.running()).toBe(0);
    expect(seen.steps).toBeLessThan(30);
  });
});
