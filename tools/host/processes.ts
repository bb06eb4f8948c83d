import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The command line of a process; empty if there is none. */
export function commandOf(pid: number): string {
  return describe(pid, 'args', () => readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '));
}

/** The process that started a process, or that has adopted it since. Undefined if there is none. */
export function parentOf(pid: number): number | undefined {
  const text = describe(pid, 'ppid', () => {
    // The name in parentheses may contain everything.
    const [, , parent = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/s, '').split(' ');
    return parent;
  });
  const parent = Number(text);
  return Number.isInteger(parent) && parent > 0 ? parent : undefined;
}

/** `ps` where there is no /proc, as on macOS. Small containers have no ps. */
function describe(pid: number, column: string, onLinux: () => string): string {
  try {
    if (process.platform === 'linux') return onLinux();
    return execFileSync('ps', ['-p', String(pid), '-o', `${column}=`], { encoding: 'utf8', stdio: 'pipe' });
  } catch {
    return ''; // Both fail when there is no such process.
  }
}
