import type { Api } from './api.ts';
import { type Clock, realClock } from './clock.ts';
import type { Workload } from './workload.ts';

export interface CatchUpOptions {
  readonly workloads: readonly Workload[];
  readonly api: Api;
  readonly signal: AbortSignal;
  /** A read model in which nothing moves for so long is given up. */
  readonly stalledAfterMs: number;
  /** One that moves is waited for no longer than this. */
  readonly longestMs: number;
  /** `behindMs`: what the health route says of the slowest projector. */
  readonly onProgress: (current: number, total: number, behindMs: number | undefined) => void;
  readonly clock?: Clock;
}

export interface CaughtUp {
  readonly tookMs: number;
  /** What was still missing at the end of all patience; undefined where nothing was. */
  readonly missing: string | undefined;
}

const lookAgainMs = 200;

/** Waits until every row of the read models has reached the books and the health route agrees that nothing is behind. */
export async function catchUp(options: CatchUpOptions): Promise<CaughtUp> {
  const { workloads, api, signal, stalledAfterMs, longestMs, onProgress, clock = realClock } = options;
  const startedAtMs = clock.nowMs();
  let seen = { state: '', atMs: startedAtMs };
  for (;;) {
    const [behindMs, reached] = [await readBehindMs(api), await readReached(workloads, api)];
    const nowMs = clock.nowMs();
    const tookMs = nowMs - startedAtMs;
    const { current, total, progress } = reached;
    onProgress(current, total, behindMs);
    if (current === total && behindMs === 0) return { tookMs, missing: undefined };
    const state = `${current} ${progress} ${behindMs}`;
    if (state !== seen.state) seen = { state, atMs: nowMs };
    if (nowMs - seen.atMs > stalledAfterMs || tookMs > longestMs) {
      const health = behindMs === undefined ? 'does not say how far behind' : `is ${behindMs} ms behind`;
      return { tookMs, missing: `${total - current} of ${total} rows are not there yet; health ${health}` };
    }
    await clock.wait(lookAgainMs, signal);
  }
}

async function readReached(workloads: readonly Workload[], api: Api) {
  const reached = { current: 0, total: 0, progress: 0 };
  for (const workload of workloads) {
    const one = await workload.catchUp(api);
    reached.current += one.current;
    reached.total += one.total;
    reached.progress += one.progress;
  }
  return reached;
}

/** How far the slowest projector is behind what was published; undefined where health does not say so of all. */
async function readBehindMs(api: Api): Promise<number | undefined> {
  const { status, body } = await api.send({ method: 'GET', path: '/health' });
  if (status !== 200) return undefined;
  const { projectors = [] } = body as { projectors?: readonly { behindMs?: number }[] };
  const behindMs = projectors.map((projector) => projector.behindMs ?? Number.NaN);
  const slowest = Math.max(...behindMs);
  return behindMs.length === 0 || Number.isNaN(slowest) ? undefined : slowest;
}
