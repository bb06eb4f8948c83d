import { cacheFolder, pythonEnvironment, requirementsFile } from './environment.ts';
import { findPython } from './find-python.ts';

/**
 * The interpreter with the emulator, the AWS CLI and the linter of templates. Installs them first when they are missing.
 * @param say called with a line for the user before a long wait
 * @throws {UserError} when this machine has no suitable Python.
 */
export async function projectPython(say: (line: string) => void): Promise<string> {
  return pythonEnvironment({ python: await findPython(), cacheFolder, requirementsFile, say });
}
