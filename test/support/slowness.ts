import { availableParallelism, loadavg } from 'node:os';

/** The known piece of work, and how long it takes on a quiet, ordinary machine. */
const work = JSON.stringify(
  Array.from({ length: 20_000 }, (_, version) => ({ id: `stream-${version}`, version, amount: '12.50' })),
);
const quietWorkMs = 3;
const measuredForMs = 1_000;
const most = 20;

let last = { atMs: Number.NEGATIVE_INFINITY, slowness: 1 };

/**
 * How many times slower this machine is now than a quiet, ordinary one: from 1 to 20. The larger of two measures: how long a
 * known piece of work takes, and how many processes want each core. Measured once a second at most.
 */
export function slowness(): number {
  const startedMs = performance.now();
  if (startedMs - last.atMs < measuredForMs) return last.slowness;
  JSON.parse(work);
  const endedMs = performance.now();
  const [processes = 0] = loadavg();
  const measured = Math.max((endedMs - startedMs) / quietWorkMs, processes / availableParallelism());
  last = { atMs: endedMs, slowness: Math.min(most, Math.max(1, measured)) };
  return last.slowness;
}
