import { runCommand } from '../../host/command.ts';
import { projectPython } from './project-python.ts';

/** Installs the Python packages that commands of the project need. Exits with a message when there is no suitable Python. */
await runCommand(async () => {
  await projectPython((line) => console.log(line));
});
