import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What the synthesized app is made from. */
export const synthesisInputs = [
  'bin',
  'lib',
  'schema',
  'tools/bundle',
  'lambdas',
  'package-lock.json',
  'cdk.json',
];

/** A short hash over everything in `root` that the synthesized app is made from; specs are not part of it. */
export function hashInputs(root: string): string {
  const hash = createHash('sha256');
  for (const input of synthesisInputs) {
    for (const file of filesUnder(root, input)) {
      hash
        .update(`${file}\0`)
        .update(readFileSync(join(root, file)))
        .update('\0');
    }
  }
  return hash.digest('hex').slice(0, 16);
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
