import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Repetitions } from '../measure/in-turns.ts';
import { inRotatingTurns } from '../measure/rotating.ts';
import { type AdapterFolder, buildAdapter, buildApi } from './api-bundle.ts';
import type { BundleFigure } from './figures.ts';

const run = promisify(execFile);

const adapters: readonly { readonly name: string; readonly folder: AdapterFolder }[] = [
  { name: 'X-Ray', folder: 'xray' },
  { name: 'OTLP', folder: 'otlp' },
];

/** What each adapter adds to the API's bundle, which has `bundleBytes` with both, and how long it takes to load. */
export async function bundleFigures(bundleBytes: number, starts: Repetitions): Promise<BundleFigure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'streamfold-bench-'));
  try {
    const built = [];
    for (const { name, folder: adapter } of adapters) {
      const bytes = bundleBytes - (await buildApi(join(folder, `without-${adapter}`), [adapter]));
      built.push({ name, bytes, file: await buildAdapter(join(folder, adapter), adapter) });
    }
    const contenders = built.map(({ name, file }) => ({ name, run: () => loadMs(file) }));
    const loads = await inRotatingTurns(contenders, starts);
    return built.map(({ name, bytes }, index) => ({ name, bytes, loadMs: loads[index] ?? [] }));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Time to load a bundle in a new process, in ms. */
async function loadMs(file: string): Promise<number> {
  const script =
    'const at = performance.now(); require(process.argv[1]); console.log(performance.now() - at)';
  const { stdout } = await run(process.execPath, ['--eval', script, file]);
  return Number(stdout);
}
