import { execFileSync } from 'node:child_process';

/** The hash of the commit that is checked out. Undefined without git, or outside of a repository. */
export function currentCommit(): string | undefined {
  try {
    const options = {
      cwd: import.meta.dirname,
      encoding: 'utf8',
      stdio: 'pipe',
    } as const;
    const hash = execFileSync('git', ['rev-parse', 'HEAD'], options).trim();
    return /^[0-9a-f]{40,64}$/.test(hash) ? hash : undefined;
  } catch {
    return undefined;
  }
}
