import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cachedFolder, cacheKey } from '../../host/cached-folder.ts';
import { runProgram } from '../../host/programs.ts';
import { messageOf, UserError } from '../../host/user-error.ts';
import type { Python } from './find-python.ts';

const installTimeoutMs = 600_000;
/** In the folder of an environment. */
const interpreter = 'bin/python';

export interface EnvironmentOptions {
  readonly python: Python;
  /** Where the environment is kept. */
  readonly cacheFolder: string;
  /** A requirements file that pins every version. */
  readonly requirementsFile: string;
  /** Called with a line for the user before a long wait. */
  readonly say: (line: string) => void;
}

/** The packages that {@link pythonEnvironment} installs for this project. */
export const requirementsFile = join(import.meta.dirname, 'requirements.txt');
/** Where {@link pythonEnvironment} keeps them. */
export const cacheFolder = join(import.meta.dirname, '../../../.cache/python');

/**
 * The interpreter of a virtual environment with exactly the packages of the requirements file. It is created once for each
 * Python and version of the file. Start its programs as modules (`python -m awscli`): their scripts contain the path of the
 * folder in which the environment was created, and that folder was renamed.
 * @throws {UserError} when it cannot be created.
 */
export async function pythonEnvironment(options: EnvironmentOptions): Promise<string> {
  const { python, cacheFolder, requirementsFile, say } = options;
  const requirements = await readFile(requirementsFile);
  try {
    await mkdir(cacheFolder, { recursive: true });
  } catch (error) {
    throw new UserError(
      `The Python packages are kept in ${cacheFolder}, which cannot be written to (${messageOf(error)}): make it writable, and try again.`,
    );
  }
  const folder = await cachedFolder({
    cacheFolder,
    key: cacheKey([`${python.executable}\n${python.version}\n`, requirements]),
    marker: interpreter,
    kept: 1,
    make: async (draft) => {
      say(`Installing the emulator and the AWS CLI for Python ${python.version} (once, some 400 MB) ...`);
      await make(draft, python, requirementsFile);
    },
  });
  return join(folder, interpreter);
}

async function make(folder: string, python: Python, requirementsFile: string): Promise<void> {
  const timeout = { timeout: installTimeoutMs };
  try {
    await runProgram(python.executable, ['-m', 'venv', folder], timeout);
    const pip = ['-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check'];
    // Without dependencies: the file lists those too, each with its version.
    await runProgram(
      join(folder, interpreter),
      [...pip, '--no-deps', '--requirement', requirementsFile],
      timeout,
    );
  } catch (error) {
    const { stderr, stdout } = error as { stderr?: string; stdout?: string };
    const said = (stderr || stdout || messageOf(error)).trim();
    const reason = said.split('\n').findLast((line) => /error/i.test(line)) ?? said;
    throw new UserError(
      `The Python packages could not be installed (${reason}): correct what it names, and try again.`,
    );
  }
}
