import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cacheKey } from '../cached-folder.ts';

/** The files and folders that the synthesized app is made from. */
export const synthesisInputs = [
  'bin',
  'lib',
  'schema',
  'tools/bundle',
  // What the host itself adds to the app.
  'tools/host/bundles',
  'tools/host/template/synthesize.ts',
  'lambdas',
  'package-lock.json',
  'cdk.json',
];

/** A short hash of everything in `root` that the synthesized app is made from, without specs. */
export function hashInputs(root: string): string {
  return cacheKey(inputFiles(root).flatMap((file) => partsOf(file, readFileSync(join(root, file)))));
}

/** A text that differs after any of those files was written, also if its old content has been written again. */
export function stampInputs(root: string): string {
  const stamps = inputFiles(root).map((file) => {
    const stats = statSync(join(root, file), { throwIfNoEntry: false });
    return `${file}\0${stats?.ino}\0${stats?.size}\0${stats?.ctimeMs}\0`;
  });
  return cacheKey(stamps);
}

function inputFiles(root: string): string[] {
  return synthesisInputs.flatMap((input) => filesUnder(root, input));
}

/** The length separates the contents from the next file. */
function partsOf(file: string, contents: Buffer): (string | Buffer)[] {
  return [`${file}\0${contents.byteLength}\0`, contents];
}

function filesUnder(root: string, path: string): string[] {
  const full = join(root, path);
  if (!existsSync(full)) return [];
  if (!statSync(full).isDirectory()) return [path];
  return readdirSync(full, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.spec.ts'))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
}
