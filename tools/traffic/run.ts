import { randomBytes } from 'node:crypto';
import { UserError } from '../host/user-error.ts';
import { Api } from './api.ts';
import { type CaughtUp, catchUp } from './catch-up.ts';
import { drive, eventCount } from './driver.ts';
import { HttpClient } from './http-client.ts';
import { LedgerWorkload } from './ledger-workload.ts';
import { MetricsWorkload } from './metrics-workload.ts';
import type { TrafficOptions, WorkloadName } from './options.ts';
import { Progress } from './progress.ts';
import { seededRandom } from './random.ts';
import type { RunResult } from './report.ts';
import { Tally } from './tally.ts';
import type { Workload } from './workload.ts';

/** Longer than any function may run, so that nothing given up is still at work and takes effect later. */
const answerTimeoutMs = 35_000;
const stalledAfterMs = 60_000;
const catchUpLongestMs = 3_600_000;

interface Run {
  readonly options: TrafficOptions;
  readonly workloads: readonly Workload[];
  readonly signal: AbortSignal;
}

/**
 * A whole run: traffic, waiting for the read models, comparison. Throws a `UserError` where the server is not there or goes
 * away for longer than it may, and the signal's reason once that is aborted.
 */
export async function runTraffic(
  options: TrafficOptions,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<RunResult> {
  const { url, concurrency, events, seed, patienceSeconds } = options;
  const runId = randomBytes(4).toString('hex');
  const client = new HttpClient({ baseUrl: url, maxConnections: concurrency, timeoutMs: answerTimeoutMs });
  const closeClient = () => client.close();
  signal.addEventListener('abort', closeClient, { once: true });
  const apiWith = (tally: Tally) =>
    new Api({ client, tally, url: url.href, patienceMs: patienceSeconds * 1_000, signal });
  try {
    await requireServer(new Api({ client, tally: new Tally(), url: url.href, patienceMs: 0, signal }));
    const tally = new Tally();
    const workloads = options.mix.map((name) => newWorkload(name, options, runId, tally));
    const scale = workloads.map((workload) => workload.scale).join(', ');
    say(`${events} events, ${concurrency} requests at a time, ${scale}; seed ${seed}, run ${runId}`);
    const run = { options, workloads, signal };
    const startedAtMs = performance.now();
    await driveTraffic(run, apiWith(tally), tally);
    const trafficMs = performance.now() - startedAtMs;
    const later = new Tally();
    const caughtUp = await waitForReadModels(run, apiWith(later));
    const differences = await compare(run, apiWith(later));
    return {
      tally,
      eventCount: eventCount(workloads),
      trafficMs,
      caughtUp,
      holdings: workloads.map(
        ({ name, eventCount: events, holdings }) => `${name}: ${events} events; ${holdings}`,
      ),
      differences: [...differences, ...later.unexpected],
      retriedLater: later.retried.toString(),
    };
  } finally {
    signal.removeEventListener('abort', closeClient);
    client.close();
  }
}

function newWorkload(
  name: WorkloadName,
  { seed, accounts, metrics }: TrafficOptions,
  run: string,
  tally: Tally,
): Workload {
  switch (name) {
    case 'ledger':
      return new LedgerWorkload({ seed, run, accounts, tally });
    case 'metrics':
      return new MetricsWorkload({ seed, run, metrics, tally });
  }
}

async function requireServer(api: Api): Promise<void> {
  const { status, body } = await api.send({ method: 'GET', path: '/health' });
  if (status === 200 && typeof body === 'object') return;
  throw new UserError(
    `What answers is not Streamfold: GET /health gives ${status}. Name its URL with --url.`,
  );
}

async function driveTraffic({ options, workloads }: Run, api: Api, tally: Tally): Promise<void> {
  const { events, concurrency, seed } = options;
  const bar = new Progress('Traffic', 'events', events);
  const onProgress = (count: number) => bar.show(count, `${bar.perSecond(count)}/s`);
  try {
    await drive({ workloads, api, tally, random: seededRandom(seed), events, concurrency, onProgress });
  } finally {
    bar.stop();
  }
}

async function waitForReadModels({ workloads, signal }: Run, api: Api): Promise<CaughtUp> {
  const bar = new Progress('Read model', 'rows', 1);
  const onProgress = (current: number, total: number, behindMs: number | undefined) =>
    bar.show(current, behindMs === undefined ? '' : `${behindMs} ms behind`, total);
  try {
    return await catchUp({
      workloads,
      api,
      signal,
      stalledAfterMs,
      longestMs: catchUpLongestMs,
      onProgress,
    });
  } finally {
    bar.stop();
  }
}

async function compare({ workloads }: Run, api: Api): Promise<string[]> {
  const differences: string[] = [];
  for (const workload of workloads) {
    const bar = new Progress('Comparison', 'rows', 1);
    try {
      differences.push(...(await workload.verify(api, (done, total) => bar.show(done, '', total))));
    } finally {
      bar.stop();
    }
  }
  return differences;
}
