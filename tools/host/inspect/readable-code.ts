import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeBundle } from '../bundles/bundle-files.ts';
import type { Bundler } from '../bundles/bundler.ts';
import type { FunctionRegistry } from '../lambda/registry.ts';
import { isRunning } from '../temporary-folder.ts';
import type { Inspector } from './inspector.ts';

/**
 * Makes a folder of this process for the code that debuggers see. It is in the project: by default, editors read the source maps
 * of a project's own folder only. Removes the folders of processes that were killed.
 */
export async function makeInspectedFolder(root: string): Promise<string> {
  const all = join(root, '.cache/inspected');
  await mkdir(all, { recursive: true });
  const left = (await readdir(all)).filter((pid) => !isRunning(Number(pid)));
  await Promise.all(left.map((pid) => rm(join(all, pid), { recursive: true, force: true })));
  const folder = join(all, String(process.pid));
  await mkdir(folder, { recursive: true });
  return folder;
}

/** Runs inspected functions from code that is not minified: in a debugger, variables have their names, and a step is a statement. */
export async function runReadableCode(
  inspectors: readonly Inspector[],
  { functions, bundler, folder }: { functions: FunctionRegistry; bundler: Bundler; folder: string },
): Promise<void> {
  if (inspectors.length === 0) return;
  const { bundles } = await bundler.build(inspectors.map(({ functionName }) => functionName));
  for (const [name, bundle] of bundles) {
    const own = join(folder, name, 'start');
    await writeBundle(bundle, own);
    await functions.withShortName(name)?.reload(own);
  }
}
