import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The variable with the folder for everything that is logged in a test run. */
export const logsFolderVariable = 'STREAMFOLD_TEST_LOGS';

/** Makes the folder and sets the variable for the workers. The personal data reporter removes it. */
export function makeLogsFolder(): void {
  process.env[logsFolderVariable] = mkdtempSync(join(tmpdir(), 'streamfold-test-logs-'));
}

/** The folder of this run. Throws outside a run. */
export function logsFolder(): string {
  const folder = process.env[logsFolderVariable];
  if (folder === undefined) throw new Error(`Jest's global set-up names a folder in ${logsFolderVariable}.`);
  return folder;
}
