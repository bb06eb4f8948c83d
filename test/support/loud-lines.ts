import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { logsFolder, logsFolderVariable } from './logs-folder.ts';

const fileName = 'loud-lines.txt';

/**
 * Says what a test run left out, where nobody overlooks it: just above the run's closing line. For specs; what the
 * configuration leaves out goes to the option `lines` of LoudReporter.
 * @param sentence what is not tested, why, and what to install to have it tested; without a line break
 */
export function sayLoudly(sentence: string): void {
  appendFileSync(join(logsFolder(), fileName), `${sentence}\n`);
}

/** What the specs of this run have said so far, each sentence once. */
export function saidLoudly(): string[] {
  const file = join(process.env[logsFolderVariable] ?? '', fileName);
  if (!existsSync(file)) return [];
  return [...new Set(readFileSync(file, 'utf8').split('\n'))].filter((line) => line !== '');
}
