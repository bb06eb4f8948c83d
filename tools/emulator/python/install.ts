import { messageOf, UserError } from '../../host/user-error.ts';
import { projectPython } from './project-python.ts';

/** Installs what Python needs, for whoever must have it: without a Python it says so and fails. */
try {
  await projectPython((line) => console.log(line));
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  console.error(messageOf(error));
  process.exitCode = 1;
}
