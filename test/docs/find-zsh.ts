import { spawnSync } from 'node:child_process';

const installMaxMs = 300_000;
const runs = (program: string, ...args: readonly string[]) =>
  spawnSync(program, args, { stdio: 'ignore', timeout: installMaxMs }).status === 0;
const hasZsh = () => runs('zsh', '-f', '-c', 'true');

/** Why no zsh can be used, for the end of a run; undefined if there is one. In a container of root's, apt installs it. */
export function whyNoZsh(): string | undefined {
  if (hasZsh()) return undefined;
  if (process.getuid?.() === 0 && runs('apt-get', '--version')) {
    if (!runs('apt-get', 'install', '-y', 'zsh') && runs('apt-get', 'update')) {
      runs('apt-get', 'install', '-y', 'zsh');
    }
    if (hasZsh()) return undefined;
  }
  return 'zsh is not installed. Install it to test that the blocks of README and tour can be pasted there.';
}
