import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { logsFolder } from './logs-folder.ts';

/** What is kept: lines of logs; or spans, metrics and logs as OTLP has them. */
export type KeptKind = 'log' | 'telemetry';

/** Keeps text until the run ends, when it is searched for patients. */
export function keptLog(kind: KeptKind = 'log'): (text: string) => void {
  const file = join(logsFolder(), `${randomUUID()}.${kind}`);
  return (text) => appendFileSync(file, text);
}

/** What a file of {@link keptLog} has. */
export function kindOfKept(file: string): KeptKind {
  return extname(file) === '.telemetry' ? 'telemetry' : 'log';
}
