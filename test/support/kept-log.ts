import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { logsFolderVariable } from './logs-folder.ts';

/** A log that is kept until the run ends, to be searched for patients. */
export function keptLog(): (text: string) => void {
  const folder = process.env[logsFolderVariable];
  if (folder === undefined) throw new Error(`Jest's global set-up names a folder in ${logsFolderVariable}.`);
  const file = join(folder, `${randomUUID()}.log`);
  return (text) => appendFileSync(file, text);
}
