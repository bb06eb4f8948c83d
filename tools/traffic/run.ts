import { randomBytes } from 'node:crypto';
import { untilStarted } from '../host/until-started.ts';
import { UserError } from '../host/user-error.ts';
import { Api } from './api.ts';
import { catchUp } from './catch-up.ts';
import { contexts } from './contexts.ts';
import { RunCounts } from './counts.ts';
import { drive } from './driver.ts';
import { HttpClient } from './http-client.ts';
import type { TrafficOptions } from './options.ts';
import { withProgress } from './progress.ts';
import { seededRandom } from './random.ts';
import type { RunResult } from './report.ts';

/** Longer than any function may run, so no request has an effect after the run has given it up. */
const answerTimeoutMs = 35_000;

/**
 * A whole run: traffic, waiting for the read models, comparison. Throws a {@link UserError} if the server is not there or
 * goes away for too long, and the signal's reason once that is aborted.
 */
export async function runTraffic(
  options: TrafficOptions & { readonly token?: string | undefined },
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<RunResult> {
  const { url, token, concurrency, events, seed, patienceSeconds, mix, sizes } = options;
  const client = new HttpClient(url, { connections: concurrency, timeoutMs: answerTimeoutMs, token });
  const close = () => void client.close();
  signal.addEventListener('abort', close, { once: true });
  const apiFor = (counts: RunCounts, patienceMs = patienceSeconds * 1_000) =>
    new Api({ client, counts, url: url.href, patienceMs, signal });
  try {
    await untilStarted(url.href, { say, signal });
    await requireServer(apiFor(new RunCounts(), 0));
    const [counts, laterCounts] = [new RunCounts(), new RunCounts()];
    const run = randomBytes(4).toString('hex');
    const workloads = mix.map((name) => contexts[name].workload(sizes[name], { seed, run, counts }));
    const scale = workloads.map((workload) => workload.scale).join(', ');
    say(`${events} events, ${concurrency} requests at a time, ${scale}; seed ${seed}, run ${run}`);

    const startedAtMs = performance.now();
    const trafficMs = () => Math.max(1, performance.now() - startedAtMs);
    const eventCount = await withProgress('Traffic', 'events', (show) => {
      const onProgress = (count: number) =>
        show(count, events, `${Math.round((count * 1_000) / trafficMs())}/s`);
      const random = seededRandom(seed);
      return drive({ workloads, api: apiFor(counts), counts, random, events, concurrency, onProgress });
    });
    const result = { counts, laterCounts, eventCount, trafficMs: trafficMs() };

    const api = apiFor(laterCounts);
    const caughtUp = await withProgress('Read model', 'rows', (onProgress) =>
      catchUp({ workloads, api, signal, onProgress }),
    );
    const differences: string[] = [];
    for (const workload of workloads) {
      differences.push(...(await withProgress('Comparison', 'rows', (show) => workload.compare(api, show))));
    }
    const holdings = workloads.map((workload) => workload.holdings);
    return { ...result, caughtUp, holdings, differences: [...differences, ...laterCounts.unexpected] };
  } finally {
    signal.removeEventListener('abort', close);
    await client.close();
  }
}

async function requireServer(api: Api): Promise<void> {
  const { status, body } = await api.send({ method: 'GET', path: '/health' });
  if (status === 200 && typeof body === 'object') return;
  const { message } = Object(body) as { message?: unknown };
  if (status === 404 && String(message).includes('has no HTTP API')) {
    throw new UserError(
      'This app has no HTTP API, and traffic needs one: start it without the setting httpApi.',
    );
  }
  throw new UserError(`This is not Streamfold: GET /health answers ${status}. Name its URL with --url.`);
}
