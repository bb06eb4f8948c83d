import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../tools/host/user-error.ts';

const folder = join(import.meta.dirname, '..');

/** Installs what only the bench needs, if it is not installed as `bench/package-lock.json` says. Throws {@link UserError}. */
export function installCastore(say: (line: string) => void): void {
  if (isInstalled()) return;
  say('Installing the library to compare with, once: npm ci --prefix bench');
  const { status } = spawnSync(
    'npm',
    ['ci', '--prefix', folder, '--no-audit', '--no-fund', '--loglevel=error'],
    {
      stdio: ['ignore', 'inherit', 'inherit'],
      shell: process.platform === 'win32',
    },
  );
  if (status === 0) return;
  throw new UserError(
    'npm could not install the packages of bench/. Run it again, or with --without-castore.',
  );
}

/** npm writes down what it has installed. */
function isInstalled(): boolean {
  const wanted = packagesIn('package-lock.json');
  const installed = packagesIn('node_modules/.package-lock.json');
  return Object.entries(wanted ?? {}).every(
    ([path, { version, optional = false }]) =>
      path === '' || optional || installed?.[path]?.version === version,
  );
}

type Packages = Readonly<Record<string, { readonly version?: string; readonly optional?: boolean }>>;

function packagesIn(file: string): Packages | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, file), 'utf8')).packages;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
