import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cachedFolder } from '../../tools/host/cached-folder.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const installTimeoutMs = 600_000;

/** The commit that upgrades are tested from. `baseline.json` says when to move it. */
export const baselineCommit: string = JSON.parse(
  readFileSync(join(import.meta.dirname, 'baseline.json'), 'utf8'),
).commit;

/** Why the old system cannot be built here, and what to do about it. Undefined if this checkout has its commit. */
export function whyNoBaseline(): string | undefined {
  const short = baselineCommit.slice(0, 7);
  try {
    execFileSync('git', ['cat-file', '-e', `${baselineCommit}^{commit}`], { cwd: root, stdio: 'ignore' });
    return undefined;
  } catch {
    return `This checkout does not have the commit ${short}. "git fetch origin ${short}" or "git fetch --unshallow" gets it; only recorded data was tested.`;
  }
}

/** A folder with the source and the packages of the old system. It is made once, and then kept under `.cache`. */
export function baselineFolder(): Promise<string> {
  return cachedFolder({
    cacheFolder: join(root, '.cache/baseline'),
    key: baselineCommit,
    marker: 'package.json',
    kept: 2,
    make: async (folder) => {
      const archive = join(folder, 'baseline.tar');
      await run('git', ['archive', '--output', archive, baselineCommit], { cwd: root });
      await run('tar', ['-xf', archive, '-C', folder]);
      await run('npm', ['ci'], { cwd: folder, timeout: installTimeoutMs });
    },
  });
}
