import { parentPort, workerData } from 'node:worker_threads';
import type { Simulation } from './outcome.ts';
import { SeedQueue } from './seed-queue.ts';
import { runSeed, type SeedResult } from './seed-result.ts';

/** What a thread gets. */
export interface WorkerTask {
  /** URL of a module that exports `simulation`. */
  readonly module: string;
  readonly from: number;
  readonly memory: SharedArrayBuffer;
}

/** What a thread says: which seed it begins, and what became of it. */
export type WorkerMessage = { readonly begins: number } | { readonly result: SeedResult };

const { module, from, memory } = workerData as WorkerTask;
const { simulation } = (await import(module)) as { readonly simulation: Simulation };
const queue = new SeedQueue(from, memory);
const say = (message: WorkerMessage) => parentPort?.postMessage(message);

for (let seed = queue.take(); seed !== undefined; seed = queue.take()) {
  say({ begins: seed });
  const result = await runSeed(simulation, seed);
  // Another thread may have found a difference at an earlier seed: the seeds after it are of no interest.
  if (result.findings.length > 0) queue.endBefore(seed);
  say({ result });
}
