import { cacheFolder, pythonEnvironment, requirementsFile } from './environment.ts';
import { findPython } from './find-python.ts';

/**
 * The interpreter that has the emulator, the AWS CLI and the linter of templates; they are installed where they are not yet.
 * @param say told when there is something to wait for
 * @throws {UserError} when this machine has no Python for it.
 */
export async function projectPython(say: (line: string) => void): Promise<string> {
  return pythonEnvironment({ python: await findPython(), cacheFolder, requirementsFile, say });
}
