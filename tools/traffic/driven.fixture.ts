import { Api } from './api.ts';
import { type AnyWorkload, type ContextName, contexts } from './contexts.ts';
import { RunCounts } from './counts.ts';
import { drive } from './driver.ts';
import { type Faults, type MemorySystem, memoryLedger, memoryMetrics, type Send } from './memory.fixture.ts';
import { seededRandom } from './random.ts';

export interface Driven {
  readonly counts: RunCounts;
  readonly workload: AnyWorkload;
  /** Compares again, with other answers. */
  readonly compare: (send: Send) => Promise<string[]>;
  readonly differences: readonly string[];
}

const scale = { ledger: { size: 60, events: 600 }, metrics: { size: 12, events: 1_500 } };

/** Drives a context in memory and compares; `traffic` and `reading` wrap its API while driving and comparing. */
export async function driven(
  name: ContextName,
  { send, nowMs }: MemorySystem,
  {
    concurrency = 1,
    traffic = send,
    reading = send,
  }: { concurrency?: number; traffic?: Send; reading?: Send } = {},
): Promise<Driven> {
  const counts = new RunCounts();
  const { signal } = new AbortController();
  const clock = { nowMs, wait: async () => undefined };
  const apiTo = (one: Send) =>
    new Api({ client: { try: one }, counts, url: 'memory', patienceMs: 0, signal, clock });
  const { size, events } = scale[name];
  const workload = contexts[name].workload(size, { seed: 3, run: 'spec', counts, nowMs });
  const [api, random] = [apiTo(traffic), seededRandom(1)];
  await drive({ workloads: [workload], api, counts, random, events, concurrency });
  const compare = (one: Send) => workload.compare(apiTo(one), () => undefined);
  return { counts, workload, compare, differences: await compare(reading) };
}

/** All that is reported of a system with faults, in one text. `wrap` changes its answers while it is driven. */
export async function reported(
  name: ContextName,
  faults: Faults,
  wrap: (send: Send) => Send = (send) => send,
): Promise<string> {
  const system = { ledger: memoryLedger, metrics: memoryMetrics }[name](faults);
  const { counts, differences } = await driven(name, system, { traffic: wrap(system.send) });
  return [...counts.unexpected, ...differences].join('\n');
}

/** Whether this is the nth of the items that match. */
export function nth<Item>(n: number, isMeant: (item: Item) => boolean): (item: Item) => boolean {
  let met = 0;
  return (item) => {
    if (isMeant(item)) met += 1;
    return isMeant(item) && met === n;
  };
}
