import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Repetitions } from '../measure/in-turns.ts';
import { inRotatingTurns } from '../measure/rotating.ts';
import { buildApi, buildLoadable } from './api-bundle.ts';
import type { BundleFigure } from './figures.ts';
import { offVariables, otlpVariables, xrayVariables } from './variables.ts';

const run = promisify(execFile);

/** Nothing listens at these addresses: an adapter that is created sends nothing yet. */
const adapters = [
  { name: 'X-Ray', adapter: 'xray', variables: xrayVariables('127.0.0.1:9') },
  { name: 'OTLP', adapter: 'otlp', variables: otlpVariables('http://127.0.0.1:9/v1/traces', 1) },
] as const;

const program = join(import.meta.dirname, 'load-adapter.ts');

/** What each adapter adds to the API's bundle, which has `bundleBytes` with both, and how long it takes to load. */
export async function bundleFigures(
  bundleBytes: number,
  environment: Readonly<Record<string, string>>,
  starts: Repetitions,
): Promise<BundleFigure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'streamfold-bench-'));
  try {
    const bundle = await buildLoadable(folder);
    const contenders = adapters.map(({ name, adapter, variables }) => ({
      name,
      run: async () => {
        const args = [program, bundle, adapter, JSON.stringify(variables)];
        const { stdout } = await run(process.execPath, args, { env: { ...environment, ...offVariables } });
        return Number(stdout);
      },
    }));
    const loads = await inRotatingTurns(contenders, starts);
    const figures: BundleFigure[] = [];
    for (const [index, { name, adapter }] of adapters.entries()) {
      const bytes = bundleBytes - (await buildApi(join(folder, `without-${adapter}`), [adapter]));
      figures.push({ name, bytes, loadMs: loads[index] ?? [] });
    }
    return figures;
  } finally {
    await rm(folder, { recursive: true });
  }
}
