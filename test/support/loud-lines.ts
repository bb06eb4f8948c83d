import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { logsFolder, logsFolderVariable } from './logs-folder.ts';

const fileName = 'loud-lines.txt';

/**
 * Reports a test that a run leaves out, just above the run's last line. For specs: the configuration uses the option
 * `lines` of LoudReporter instead.
 * @param sentence what is not tested, why, and what to install to test it; without a line break
 */
export function sayLoudly(sentence: string): void {
  appendFileSync(join(logsFolder(), fileName), `${sentence}\n`);
}

/** The sentences of this run's specs so far, each once. */
export function saidLoudly(): string[] {
  const file = join(process.env[logsFolderVariable] ?? '', fileName);
  if (!existsSync(file)) return [];
  return [...new Set(readFileSync(file, 'utf8').split('\n'))].filter((line) => line !== '');
}
