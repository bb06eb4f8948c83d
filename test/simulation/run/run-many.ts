import { Worker } from 'node:worker_threads';
import { endCheck, noCounts } from './judged.ts';
import { SeedQueue } from './seed-queue.ts';
import type { SeedResult } from './seed-result.ts';
import { Totals } from './totals.ts';
import type { WorkerMessage, WorkerTask } from './worker.ts';

/** A history that has not ended after this time, in ms of real time, never ends. It usually takes 10 ms. */
const usualPatienceMs = 120_000;

/** Time between two calls of `onProgress`, in ms. */
const progressMs = 60_000;

/** Which seeds run, and how. */
export interface ManyOptions {
  /** URL of a module that exports `simulation`. */
  readonly module: string;
  readonly from: number;
  /** Number of seeds. Undefined: until `signal` ends the run. */
  readonly seeds?: number | undefined;
  readonly workers: number;
  /** Gives out no further seed when it is aborted. */
  readonly signal?: AbortSignal;
  /** Called now and then with what is known so far. */
  readonly onProgress?: (totals: Totals) => void;
  /** Real time after which a history is taken for endless, in ms. Default: two minutes. */
  readonly patienceMs?: number;
}

/**
 * Runs seeds until the first difference. The result is the same for any number of threads: seeds are given out in their order, so
 * all before the lowest one with a difference have run, and those after it do not count. Rejects if a thread cannot run.
 */
export async function runMany(options: ManyOptions): Promise<Totals> {
  const { from, seeds, workers, signal } = options;
  const queue = new SeedQueue(from);
  if (seeds !== undefined) queue.endBefore(from + seeds);
  const stop = () => queue.stop();
  signal?.addEventListener('abort', stop);
  if (signal?.aborted) stop();
  const totals = new Totals(from);
  const progress = setInterval(() => options.onProgress?.(totals), progressMs);
  try {
    const threads = Math.min(workers, seeds ?? workers);
    await Promise.all(Array.from({ length: threads }, () => runThread(options, queue, totals)));
    return totals;
  } finally {
    clearInterval(progress);
    queue.stop();
    signal?.removeEventListener('abort', stop);
  }
}

/** Resolves when the thread has no seed left, or has one that does not end. */
async function runThread(
  { module, from, patienceMs = usualPatienceMs }: ManyOptions,
  queue: SeedQueue,
  totals: Totals,
): Promise<void> {
  const workerData: WorkerTask = { module, from, memory: queue.memory };
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData });
  let seed: number | undefined;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => {
    if (seed === undefined) return reject(new Error('A thread of the simulation does not start.'));
    queue.endBefore(seed);
    totals.add(endlessAt(seed, patienceMs));
    resolve();
  }, patienceMs);
  worker.on('message', (message: WorkerMessage) => {
    timer.refresh();
    if ('begins' in message) seed = message.begins;
    else totals.add(message.result);
  });
  worker.on('error', reject);
  worker.on('exit', () => resolve());
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

function endlessAt(seed: number, patienceMs: number): SeedResult {
  return {
    seed,
    findings: [{ check: endCheck, text: `It has not ended after ${patienceMs / 1_000} s of real time.` }],
    struck: {},
    acts: {},
    counts: noCounts,
  };
}
