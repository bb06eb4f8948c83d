import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isRunning } from '../../host/temporary-folder.ts';
import { messageOf, UserError } from '../../host/user-error.ts';
import type { Python } from './find-python.ts';

const run = promisify(execFile);
const installTimeoutMs = 600_000;

export interface EnvironmentOptions {
  readonly python: Python;
  /** Holds an environment for each set of requirements that is in use. */
  readonly cacheFolder: string;
  /** A requirements file that pins every version. */
  readonly requirementsFile: string;
  /** Told when there is something to wait for. */
  readonly say: (line: string) => void;
}

/** The packages that {@link pythonEnvironment} installs for this project. */
export const requirementsFile = join(import.meta.dirname, 'requirements.txt');
/** Where {@link pythonEnvironment} keeps them. */
export const cacheFolder = join(import.meta.dirname, '../../../.cache/python');

/**
 * The interpreter of a virtual environment with exactly the packages of the requirements file. It is made where there is
 * none, and anew when the file or the Python changes. An environment is made beside its place and moved there whole:
 * its folder is complete or absent, whoever else makes it or is killed. Because it moved, its programs are started as
 * modules (`python -m awscli`), never by their scripts, which name the folder they were made in.
 * @throws {UserError} when it cannot be made.
 */
export async function pythonEnvironment(options: EnvironmentOptions): Promise<string> {
  const { python, cacheFolder, requirementsFile, say } = options;
  const name = createHash('sha256')
    .update(`${python.executable}\n${python.version}\n`)
    .update(await readFile(requirementsFile))
    .digest('hex')
    .slice(0, 16);
  const folder = join(cacheFolder, name);
  if (existsSync(interpreterOf(folder))) return interpreterOf(folder);
  say(`Installing the emulator and the AWS CLI for Python ${python.version} (once, some 400 MB) ...`);
  await makeRoom(cacheFolder, folder);
  const draft = join(cacheFolder, `${name}.${process.pid}`);
  try {
    await rm(draft, { recursive: true, force: true });
    await make(draft, python, requirementsFile);
    await moveInPlace(draft, folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  await removeOthers(cacheFolder, name);
  return interpreterOf(folder);
}

function interpreterOf(folder: string): string {
  return join(folder, 'bin/python');
}

/** What has no interpreter any more belonged to a Python that was removed. */
async function makeRoom(cacheFolder: string, folder: string): Promise<void> {
  try {
    await mkdir(cacheFolder, { recursive: true });
    await rm(folder, { recursive: true, force: true });
  } catch (error) {
    throw new UserError(
      `The Python packages are kept in ${cacheFolder}, which cannot be written to (${messageOf(error)}): make it writable, and try again.`,
    );
  }
}

async function make(folder: string, python: Python, requirementsFile: string): Promise<void> {
  const timeout = { timeout: installTimeoutMs };
  try {
    await run(python.executable, ['-m', 'venv', folder], timeout);
    const pip = ['-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check'];
    // Without their dependencies: those are in the file too, each with its version.
    await run(interpreterOf(folder), [...pip, '--no-deps', '--requirement', requirementsFile], timeout);
  } catch (error) {
    const { stderr, stdout } = error as { stderr?: string; stdout?: string };
    const said = (stderr || stdout || messageOf(error)).trim();
    const reason = said.split('\n').findLast((line) => /error/i.test(line)) ?? said;
    throw new UserError(
      `The Python packages could not be installed (${reason}): look after what it says, and try again.`,
    );
  }
}

/** Two processes that start together may both have made one; the first one's stays. */
async function moveInPlace(draft: string, folder: string): Promise<void> {
  try {
    await rename(draft, folder);
  } catch (error) {
    if (!existsSync(interpreterOf(folder))) throw error;
  }
}

/** Those of earlier requirements, and what processes that were killed left half made. */
async function removeOthers(cacheFolder: string, kept: string): Promise<void> {
  const others = (await readdir(cacheFolder)).filter((name) => {
    const [environment, pid] = name.split('.');
    return pid === undefined ? environment !== kept : !isRunning(Number(pid));
  });
  await Promise.all(others.map((name) => rm(join(cacheFolder, name), { recursive: true, force: true })));
}
