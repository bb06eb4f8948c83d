import { Api } from './api.ts';
import { drive } from './driver.ts';
import type { Send } from './memory.fixture.ts';
import type { MemoryMetrics } from './metrics.fixture.ts';
import { MetricsWorkload } from './metrics-workload.ts';
import { seededRandom } from './random.ts';
import { Tally } from './tally.ts';

export interface Driven {
  readonly tally: Tally;
  readonly workload: MetricsWorkload;
  readonly differences: readonly string[];
}

/** An API that waits for nothing. */
export function apiTo({ nowMs }: MemoryMetrics, send: Send, tally: Tally): Api {
  const { signal } = new AbortController();
  const clock = { nowMs, wait: async () => undefined };
  return new Api({ client: { try: send }, tally, url: 'memory', patienceMs: 0, signal, clock });
}

/** Drives metrics until 1,500 events are committed, one request at a time unless told, and compares. */
export async function driven(
  metrics: MemoryMetrics,
  { concurrency = 1, traffic = metrics.send } = {},
): Promise<Driven> {
  const tally = new Tally();
  const workload = new MetricsWorkload({ seed: 3, run: 'spec', metrics: 12, tally, nowMs: metrics.nowMs });
  await drive({
    workloads: [workload],
    api: apiTo(metrics, traffic, tally),
    tally,
    random: seededRandom(1),
    events: 1_500,
    concurrency,
    onProgress: () => undefined,
  });
  const differences = await workload.verify(apiTo(metrics, metrics.send, tally), () => undefined);
  return { tally, workload, differences };
}
