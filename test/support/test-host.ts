import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostConsole } from '../../local/console.ts';
import { type Host, startHost } from '../../local/host.ts';
import type { FunctionCall } from '../../local/permissions/gate.ts';
import { logsFolderVariable } from './logs-folder.ts';

export interface TestHost extends Host {
  /** All that the functions have called so far. */
  readonly calls: readonly FunctionCall[];
  /** Throws where a function made a call that its role does not allow: it would fail on AWS, whatever it does here. */
  stop(): Promise<void>;
}

/**
 * A host on free ports, whose functions may do what their roles allow and no more. All that it and its functions log is
 * kept until the run ends, to be searched for patients.
 */
export async function startTestHost(
  onFunctionLog: HostConsole['functionLog'] = () => undefined,
): Promise<TestHost> {
  const folder = process.env[logsFolderVariable];
  if (folder === undefined) throw new Error(`Jest's global set-up names a folder in ${logsFolderVariable}.`);
  const file = join(folder, `${randomUUID()}.log`);
  const keep = (line: string) => appendFileSync(file, `${line}\n`);
  const functionLog = (functionName: string, line: string) => {
    keep(line);
    onFunctionLog(functionName, line);
  };
  const calls: FunctionCall[] = [];
  const host = await startHost({
    httpPort: 0,
    awsPort: 0,
    onCall: (call) => calls.push(call),
    console: { say: keep, warn: keep, functionLog },
  });
  return {
    ...host,
    calls,
    stop: async () => {
      await host.stop();
      const refusals = new Set(calls.flatMap(({ refusal }) => refusal ?? []));
      if (refusals.size > 0) throw new Error(`Calls were refused:\n${[...refusals].join('\n')}`);
    },
  };
}
