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
  /** Steps under way at the same time. */
  readonly concurrency: number;
  readonly onProgress?: (events: number) => void;
}

/** In a healthy system most steps commit an event. */
const stepsPerEventMax = 20;
/** More unexpected answers tell nothing new. */
const unexpectedMax = 100;

/** Carries out steps of workloads chosen at random. Rejects with the first error, when no step is under way any more. */
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
