import type { HostConsole } from '../../local/console.ts';
import { type Host, startHost } from '../../local/host.ts';
import { keptLog } from './kept-log.ts';

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
  const log = keptLog();
  const keep = (line: string) => log(`${line}\n`);
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
