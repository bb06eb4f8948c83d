import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { logsFolder } from './logs-folder.ts';

/** A log that is kept until the run ends, and then searched for patients. */
export function keptLog(): (text: string) => void {
  const file = join(logsFolder(), `${randomUUID()}.log`);
  return (text) => appendFileSync(file, text);
}
