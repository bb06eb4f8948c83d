import type { HostConsole } from '../../local/console.ts';
import { type Host, startHost } from '../../local/host.ts';
import { keptLog } from './kept-log.ts';

/**
 * A host on free ports, of this project or of another synthesized app. All that it and its functions log is kept until the
 * run ends, to be searched for patients.
 */
export function startTestHost(
  onFunctionLog: HostConsole['functionLog'] = () => undefined,
  app: { readonly assemblyFolder?: string } = {},
): Promise<Host> {
  const log = keptLog();
  const keep = (line: string) => log(`${line}\n`);
  const functionLog = (functionName: string, line: string) => {
    keep(line);
    onFunctionLog(functionName, line);
  };
  return startHost({ ...app, httpPort: 0, awsPort: 0, console: { say: keep, warn: keep, functionLog } });
}
