import { cpus, loadavg } from 'node:os';

/** The known piece of work, and how long it takes on a quiet, ordinary machine. */
const work = JSON.stringify(
  Array.from({ length: 20_000 }, (_, version) => ({ id: `stream-${version}`, version, amount: '12.50' })),
);
const quietWorkMs = 3;
const measuredForMs = 1_000;
const most = 20;
/** In a container, both the load and the cores may be the whole machine's, or the load alone. */
const mostByLoad = 4;

let last = { atMs: Number.NEGATIVE_INFINITY, slowness: 1 };

/** How many times slower this machine is now than a quiet, ordinary one: from 1 to 20. Measured once a second at most. */
export function slowness(): number {
  const startedMs = performance.now();
  if (startedMs - last.atMs < measuredForMs) return last.slowness;
  JSON.parse(work);
  const endedMs = performance.now();
  const [processes = 0] = loadavg();
  last = { atMs: endedMs, slowness: slownessOf(endedMs - startedMs, processes / cpus().length) };
  return last.slowness;
}

/**
 * The larger of two measures, from 1 to 20: how long the known piece of work took, and, up to four, how many processes want each core.
 * @param workMs how long the piece of work took
 * @param processesPerCore that run or want to
 */
export function slownessOf(workMs: number, processesPerCore: number): number {
  return Math.min(most, Math.max(1, workMs / quietWorkMs, Math.min(mostByLoad, processesPerCore)));
}
