import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Repetitions } from '../measure/in-turns.ts';
import { buildApi, bundleIn } from '../tracing/api-bundle.ts';
import { apiEnvironment } from '../tracing/api-environment.ts';
import { bundleFigures } from '../tracing/bundle-figures.ts';
import { costs } from '../tracing/costs.ts';
import { failures } from '../tracing/failures.ts';
import type { TracingFigures } from '../tracing/figures.ts';
import type { World } from '../world.ts';

/** How often what is measured. */
export interface TracingRepetitions {
  /** Processes that start, of each adapter. */
  readonly starts: Repetitions;
  /** Requests of each kind, with each adapter. */
  readonly warm: Repetitions;
  /** Commands with each receiver, after it fails. `warmUps`: before. */
  readonly failing: Repetitions;
}

/** The API's function with each adapter of tracing, each in a process of its own. */
export async function tracingFigures(
  { database, say }: Pick<World, 'database' | 'say'>,
  { starts, warm, failing }: TracingRepetitions,
): Promise<TracingFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'streamfold-bench-'));
  try {
    const bundleBytes = await buildApi(folder);
    const api = { bundle: bundleIn(folder), environment: apiEnvironment(database.url) };
    say(`tracing: ${starts.counted} starts and ${warm.counted} requests of each kind with each adapter`);
    const cost = await costs(api, { starts, warm });
    say('tracing: the bundle without each adapter');
    const bundles = await bundleFigures(bundleBytes, api.environment, starts);
    say(`tracing: ${failing.counted} commands with receivers that fail`);
    return { ...cost, bundles, bundleBytes, ...(await failures(api, failing)) };
  } finally {
    await rm(folder, { recursive: true });
  }
}
