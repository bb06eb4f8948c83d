import type { Api } from './api.ts';
import { forEachConcurrently } from './concurrency.ts';
import type { RunCounts } from './counts.ts';
import type { Random } from './random.ts';

export interface DriveOptions {
  readonly workloads: readonly { readonly eventCount: number; step(api: Api): Promise<void> }[];
  readonly api: Api;
  readonly counts: RunCounts;
  readonly random: Random;
  /** The traffic ends when at least this many events are committed. */
  readonly events: number;
  /** Maximum steps at the same time. */
  readonly concurrency: number;
  readonly onProgress?: (events: number) => void;
}

/** The traffic ends after this many steps per event: in a healthy system most steps commit one. */
const stepsPerEventMax = 20;
/** The traffic ends after this many unexpected answers. */
const unexpectedMax = 100;

/**
 * Runs steps of workloads chosen at random. Returns the number of committed events. Rejects with the first error, after
 * all running steps have ended.
 */
export async function drive(options: DriveOptions): Promise<number> {
  const { workloads, api, counts, random, events, concurrency, onProgress } = options;
  const eventCount = () => workloads.reduce((sum, workload) => sum + workload.eventCount, 0);
  const choices = workloads.map((workload) => [workload, 1] as const);
  let steps = 0;
  function* chosen() {
    const stepsMax = stepsPerEventMax * events + 1_000;
    while (eventCount() < events && steps < stepsMax && counts.unexpectedCount < unexpectedMax) {
      steps += 1;
      yield random.weighted(choices);
    }
  }
  await forEachConcurrently(chosen(), concurrency, async (workload) => {
    await workload.step(api);
    onProgress?.(eventCount());
  });
  if (eventCount() < events) {
    counts.noteUnexpected(`Only ${eventCount()} of ${events} events were committed in ${steps} steps.`);
  }
  return eventCount();
}
