import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostConsole } from '../../local/console.ts';
import { type Host, startHost } from '../../local/host.ts';
import { logsFolderVariable } from './logs-folder.ts';

/** A host on free ports, of this project or of another synthesized app. All that it and its functions log is kept until the run ends, to be searched for patients. */
export function startTestHost(
  onFunctionLog: HostConsole['functionLog'] = () => undefined,
  app: { readonly assemblyFolder?: string } = {},
): Promise<Host> {
  const folder = process.env[logsFolderVariable];
  if (folder === undefined) throw new Error(`Jest's global set-up names a folder in ${logsFolderVariable}.`);
  const file = join(folder, `${randomUUID()}.log`);
  const keep = (line: string) => appendFileSync(file, `${line}\n`);
  const functionLog = (functionName: string, line: string) => {
    keep(line);
    onFunctionLog(functionName, line);
  };
  return startHost({ ...app, httpPort: 0, awsPort: 0, console: { say: keep, warn: keep, functionLog } });
}
