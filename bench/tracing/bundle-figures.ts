import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Repetitions } from '../measure/in-turns.ts';
import { inRotatingTurns } from '../measure/rotating.ts';
import { buildAdapter, buildApi } from './api-bundle.ts';
import { lambdaEnvironment } from './api-environment.ts';
import type { BundleFigure } from './figures.ts';
import { otlpVariables, xrayVariables } from './variables.ts';

const run = promisify(execFile);

/** Nothing listens at these addresses: an adapter that is created sends nothing yet. */
const adapters = [
  { name: 'X-Ray', adapter: 'xray', variables: xrayVariables('127.0.0.1:9') },
  { name: 'OTLP', adapter: 'otlp', variables: otlpVariables('http://127.0.0.1:9/v1/traces', 1) },
] as const;

const program = join(import.meta.dirname, 'load-adapter.ts');

/** What each adapter adds to the API's bundle, which has `bundleBytes` with both, and how long it takes to load. */
export async function bundleFigures(bundleBytes: number, starts: Repetitions): Promise<BundleFigure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'streamfold-bench-'));
  try {
    const built = [];
    for (const { name, adapter, variables } of adapters) {
      const bytes = bundleBytes - (await buildApi(join(folder, `without-${adapter}`), [adapter]));
      built.push({ name, bytes, variables, file: await buildAdapter(join(folder, adapter), adapter) });
    }
    const contenders = built.map(({ name, file, variables }) => ({
      name,
      run: () => loadMs(file, { ...lambdaEnvironment, ...variables }),
    }));
    const loads = await inRotatingTurns(contenders, starts);
    return built.map(({ name, bytes }, index) => ({ name, bytes, loadMs: loads[index] ?? [] }));
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function loadMs(file: string, env: Readonly<Record<string, string>>): Promise<number> {
  const { stdout } = await run(process.execPath, [program, file], { env });
  return Number(stdout);
}
