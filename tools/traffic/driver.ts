import type { Api } from './api.ts';
import { inLanes } from './lanes.ts';
import type { Random } from './random.ts';
import type { Tally } from './tally.ts';
import type { Workload } from './workload.ts';

export interface DriveOptions {
  readonly workloads: readonly Workload[];
  readonly api: Api;
  readonly tally: Tally;
  readonly random: Random;
  /** Ends when at least so many events are committed. */
  readonly events: number;
  /** Steps under way at the same time. */
  readonly concurrency: number;
  readonly onProgress: (events: number) => void;
}

/** A healthy system commits an event in most steps: so many times as many steps, and something is wrong. */
const stepsPerEventMax = 20;
/** More unexpected answers tell nothing new. */
const unexpectedMax = 100;

export function eventCount(workloads: readonly Workload[]): number {
  return workloads.reduce((sum, workload) => sum + workload.eventCount, 0);
}

/**
 * Drives the workloads, taking turns by chance, and resolves when no step is under way any more.
 * Rejects with the first step's error that cannot be got over.
 */
export async function drive(options: DriveOptions): Promise<void> {
  const { workloads, api, tally, random, events, concurrency, onProgress } = options;
  const mix = workloads.map((workload) => [workload, 1] as const);
  const stepsMax = stepsPerEventMax * events + 1_000;
  let steps = 0;
  function* turns() {
    while (eventCount(workloads) < events && steps < stepsMax && tally.unexpectedCount < unexpectedMax) {
      steps += 1;
      yield random.weighted(mix);
    }
  }
  await inLanes(turns(), concurrency, async (workload) => {
    await workload.step(api);
    onProgress(eventCount(workloads));
  });
  const committed = eventCount(workloads);
  if (committed < events) {
    tally.noteUnexpected(`Only ${committed} of ${events} events were committed in ${steps} steps.`);
  }
}
