import { runCommand } from '../../host/command.ts';
import { projectPython } from './project-python.ts';

/** Installs the Python packages of the project, for commands that need them. Fails with a sentence without a Python. */
await runCommand(async () => {
  await projectPython((line) => console.log(line));
});
