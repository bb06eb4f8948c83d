import { type Api, type Clock, realClock } from './api.ts';
import { membersOf } from './outcome.ts';

/** `current`: rows that reflect every acknowledged command; `total`: all rows. `progress` grows whenever a row changes. */
export interface Rows {
  readonly current: number;
  readonly total: number;
  readonly progress: number;
}

export interface CatchUpOptions {
  readonly workloads: readonly { catchUp(api: Api): Promise<Rows> }[];
  readonly api: Api;
  readonly signal: AbortSignal;
  readonly onProgress: (current: number, total: number, note: string) => void;
  readonly clock?: Clock;
}

/** `missing`: a sentence about rows that are out of date at the end; undefined without any. */
export interface CaughtUp {
  readonly tookMs: number;
  readonly missing: string | undefined;
}

const pollMs = 200;
/** Gives up when the read models have not changed for this time ... */
const stalledAfterMs = 60_000;
/** ... and after this time in any case. */
const longestMs = 3_600_000;

/** Waits until every row reflects every acknowledged command and the health route says that no projector is behind. */
export async function catchUp({
  workloads,
  api,
  signal,
  onProgress,
  clock = realClock,
}: CatchUpOptions): Promise<CaughtUp> {
  const startedAtMs = clock.nowMs();
  let last = { state: '', atMs: startedAtMs };
  for (;;) {
    // Health first: if no projector is behind, the rows read after it are final.
    const behindMs = await readBehindMs(api);
    const seen: Rows[] = [];
    for (const workload of workloads) seen.push(await workload.catchUp(api));
    const sum = (member: keyof Rows) => seen.reduce((total, one) => total + one[member], 0);
    const [current, total, nowMs] = [sum('current'), sum('total'), clock.nowMs()];
    const tookMs = nowMs - startedAtMs;
    const lag = `projector lag ${behindMs === undefined ? 'unknown' : `${behindMs} ms`}`;
    onProgress(current, total, lag);
    if (current === total && behindMs === 0) return { tookMs, missing: undefined };
    const state = `${current} ${sum('progress')} ${behindMs}`;
    if (state !== last.state) last = { state, atMs: nowMs };
    if (nowMs - last.atMs > stalledAfterMs || tookMs > longestMs) {
      return { tookMs, missing: `${total - current} of ${total} rows are out of date; ${lag}` };
    }
    await clock.wait(pollMs, signal);
  }
}

/** How far the slowest projector is behind what was published; undefined if health does not report it for every projector. */
async function readBehindMs(api: Api): Promise<number | undefined> {
  const { status, body } = await api.send({ method: 'GET', path: '/health' });
  const { projectors } = membersOf(status === 200 ? body : undefined);
  if (!Array.isArray(projectors) || projectors.length === 0) return undefined;
  const slowestMs = Math.max(...projectors.map((projector) => projector.behindMs ?? Number.NaN));
  return Number.isNaN(slowestMs) ? undefined : slowestMs;
}
