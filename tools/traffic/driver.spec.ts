import { describe, expect, it } from '@jest/globals';
import type { Api } from './api.ts';
import { RunCounts } from './counts.ts';
import { type DriveOptions, drive } from './driver.ts';
import { seededRandom } from './random.ts';

/** A workload that only counts its steps. */
function workloadOf(eventsPerStep: number, onStep: (steps: number) => void = () => undefined) {
  let [steps, running] = [0, 0];
  const seen = { steps: 0, atOnce: 0, running: () => running };
  const workload = {
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
  };
  return { workload, seen };
}

function driving(workload: DriveOptions['workloads'][number], options: Partial<DriveOptions> = {}) {
  const counts = new RunCounts();
  const done = drive({
    workloads: [workload],
    api: {} as Api,
    counts,
    random: seededRandom(1),
    events: 100,
    concurrency: 5,
    ...options,
  });
  return { done, counts };
}

describe('drive', () => {
  it('continues until enough events are committed, with a limit of concurrent steps', async () => {
    const { workload, seen } = workloadOf(1);
    const { done, counts } = driving(workload);
    await done;
    expect(seen.steps).toBeGreaterThanOrEqual(100);
    expect(seen.steps).toBeLessThan(105);
    expect(seen.atOnce).toBe(5);
    expect(counts.unexpected).toEqual([]);
  });

  it('ends if no event is committed', async () => {
    const { workload } = workloadOf(0);
    const { done, counts } = driving(workload, { events: 10 });
    await done;
    expect(counts.unexpected).toEqual(['Only 0 of 10 events were committed in 1200 steps.']);
  });

  it('ends after too many unexpected answers', async () => {
    const counts = new RunCounts();
    const { workload, seen } = workloadOf(0, () => counts.noteUnexpected('wrong'));
    await driving(workload, { counts }).done;
    expect(seen.steps).toBeLessThan(110);
  });

  it('rejects with the first error, after all running steps have ended', async () => {
    const { workload, seen } = workloadOf(1, (steps) => {
      if (steps === 20) throw new Error('gone');
    });
    await expect(driving(workload).done).rejects.toThrow('gone');
    expect(seen.running()).toBe(0);
    expect(seen.steps).toBeLessThan(30);
  });
});
