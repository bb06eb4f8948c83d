import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isRunning } from '../temporary-folder.ts';

/**
 * Makes a folder of this process for the code that is rebuilt while debuggers are attached. It is in the project: by default, editors read the source maps
 * of a project's own folder only. Removes the folders of processes that were killed.
 */
export async function makeInspectedFolder(root: string): Promise<string> {
  const all = join(root, '.cache/inspected');
  await mkdir(all, { recursive: true });
  const left = (await readdir(all)).filter((pid) => !isRunning(Number(pid)));
  await Promise.all(left.map((pid) => rm(join(all, pid), { recursive: true, force: true })));
  const folder = join(all, String(process.pid));
  await mkdir(folder, { recursive: true });
  // The bundles are CommonJS, as on Lambda; the project around them is not.
  await writeFile(join(folder, 'package.json'), '{"type":"commonjs"}\n');
  return folder;
}
