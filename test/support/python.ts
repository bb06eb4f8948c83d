import { findPython } from '../../tools/emulator/python/find-python.ts';
import { projectPython } from '../../tools/emulator/python/project-python.ts';
import { UserError } from '../../tools/host/user-error.ts';
import { describeUnless } from './describe-unless.ts';

/** Maximum time of the first installation of the Python packages. */
export const installDeadlineMs = 600_000;

const missing = await findPython().then(
  () => undefined,
  (error: unknown) => {
    if (error instanceof UserError) return error.message;
    throw error;
  },
);

/** A `describe` for specs that need Python. Without Python they are skipped, and the end of the run reports that. */
export function describeWithPython(title: string, block: () => void): void {
  describeUnless(missing, title, block);
}

/** The interpreter with the emulator, the AWS CLI and the linter of templates. */
export function installedPython(): Promise<string> {
  return projectPython(() => undefined);
}
