import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { UserError } from '../../host/user-error.ts';

const run = promisify(execFile);
const answerTimeoutMs = 10_000;
const oldestMinor = 10;
/** Names that Python may have. The plain one is first: the user chose it. */
const commands = ['python3', ...[14, 13, 12, 11, 10].map((minor) => `python3.${minor}`), 'python'];

const question = `
import json, sys
from importlib.util import find_spec
found = {"executable": sys.executable, "version": list(sys.version_info[:3])}
found["canMakeEnvironments"] = all(find_spec(name) is not None for name in ("venv", "ensurepip"))
print(json.dumps(found))`;

/** A Python of this machine that can create virtual environments. */
export interface Python {
  /** The path of the program. */
  readonly executable: string;
  /** Three numbers, such as `3.12.1`. */
  readonly version: string;
}

interface Found {
  readonly executable: string;
  readonly version: readonly [number, number, number];
  readonly canMakeEnvironments: boolean;
}

/**
 * The first Python on the `PATH` of `environment` that is new enough and complete.
 * @throws {UserError} when there is none; the message says what to install.
 */
export async function findPython(environment: NodeJS.ProcessEnv = process.env): Promise<Python> {
  const tooOld: string[] = [];
  const incomplete: Found[] = [];
  for (const command of commands) {
    const found = await ask(command, environment);
    if (found === undefined) continue;
    const [major, minor] = found.version;
    if (major !== 3 || minor < oldestMinor) tooOld.push(found.version.join('.'));
    else if (!found.canMakeEnvironments) incomplete.push(found);
    else return { executable: found.executable, version: found.version.join('.') };
  }
  throw new UserError(whatToInstall(tooOld, incomplete));
}

/** Undefined for a command that is missing or does not work, such as a placeholder for a version that is not installed. */
async function ask(command: string, environment: NodeJS.ProcessEnv): Promise<Found | undefined> {
  try {
    const { stdout } = await run(command, ['-c', question], { env: environment, timeout: answerTimeoutMs });
    return JSON.parse(stdout);
  } catch {
    return undefined;
  }
}

function whatToInstall(tooOld: readonly string[], [incomplete]: readonly Found[]): string {
  const needed = `Python 3.${oldestMinor} or newer is needed`;
  if (incomplete !== undefined) {
    const [major, minor] = incomplete.version;
    return `${needed} with its modules venv and ensurepip, which ${incomplete.executable} lacks: install them (Debian and Ubuntu have them in the package python${major}.${minor}-venv).`;
  }
  if (tooOld.length > 0) return `${needed}, and this machine has ${tooOld.join(', ')}: install a newer one.`;
  return `${needed}, and there is none on the PATH: install python3 (on Debian and Ubuntu python3-venv too).`;
}
