import { execFile } from 'node:child_process';
import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cachedFolder, cacheKey } from '../host/cached-folder.ts';
import { messageOf, UserError } from '../host/user-error.ts';

const run = promisify(execFile);
const installTimeoutMs = 600_000;
const files = ['package.json', 'package-lock.json'] as const;

export interface OwnPackagesOptions {
  /** Has a `package.json` and a `package-lock.json` of its own. */
  readonly folder: string;
  /** Where the packages are kept. */
  readonly cacheFolder: string;
  /** What the packages are, for people: "Bruno's command line". */
  readonly title: string;
  /** Called with a line for the user before a long wait. */
  readonly say: (line: string) => void;
}

/**
 * The `node_modules` of a folder whose packages only one command needs. They are installed when that command first runs, and
 * again when the lock file changes; later runs need no network. An interrupted installation leaves nothing that is used.
 * @throws {UserError} when npm cannot install them, after ten minutes at the latest.
 */
export async function ownPackages({ folder, cacheFolder, title, say }: OwnPackagesOptions): Promise<string> {
  const contents = await Promise.all(files.map((file) => readFile(join(folder, file))));
  const installed = await cachedFolder({
    cacheFolder,
    key: cacheKey([`${process.platform} ${process.arch}\n`, ...contents]),
    // npm writes it last.
    marker: 'node_modules/.package-lock.json',
    kept: 1,
    make: async (draft) => {
      say(`Installing ${title} (once) ...`);
      await Promise.all(files.map((file) => copyFile(join(folder, file), join(draft, file))));
      await install(draft, title);
    },
  });
  return join(installed, 'node_modules');
}

async function install(folder: string, title: string): Promise<void> {
  const options = ['--no-audit', '--no-fund', '--loglevel=error'];
  try {
    // A shell, because npm is a batch file on Windows. None of the words is from outside.
    const shell = process.platform === 'win32';
    await run('npm', ['ci', ...options], { cwd: folder, timeout: installTimeoutMs, shell });
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    const reason = stderr ? reasonIn(stderr) : messageOf(error);
    throw new UserError(`npm could not install ${title} (${reason}): correct what it names, and try again.`);
  }
}

/** The first line of npm's errors that is a sentence. */
function reasonIn(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.replace(/^npm error ?/, '').trim());
  return (
    lines.find((line) => line !== '' && !/^(code|syscall|errno|path|network) /.test(line)) ?? stderr.trim()
  );
}
