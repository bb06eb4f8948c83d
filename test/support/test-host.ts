import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostConsole } from '../../local/console.ts';
import { type Host, startHost } from '../../local/host.ts';
import { logsFolderVariable } from './logs-folder.ts';

export interface TestHostOptions {
  /** Instead of an engine of the host's own. */
  readonly dynamodbUrl?: string;
  onWarning?(line: string): void;
}

/** A host on free ports. All that it and its functions log is kept until the run ends, to be searched for patients. */
export function startTestHost(
  onFunctionLog: HostConsole['functionLog'] = () => undefined,
  { dynamodbUrl, onWarning }: TestHostOptions = {},
): Promise<Host> {
  const folder = process.env[logsFolderVariable];
  if (folder === undefined) throw new Error(`Jest's global set-up names a folder in ${logsFolderVariable}.`);
  const file = join(folder, `${randomUUID()}.log`);
  const keep = (line: string) => appendFileSync(file, `${line}\n`);
  const functionLog = (functionName: string, line: string) => {
    keep(line);
    onFunctionLog(functionName, line);
  };
  const warn = (line: string) => {
    keep(line);
    onWarning?.(line);
  };
  return startHost({
    httpPort: 0,
    awsPort: 0,
    ...(dynamodbUrl !== undefined && { dynamodbUrl }),
    console: { say: keep, warn, functionLog },
  });
}
