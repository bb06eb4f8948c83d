import { credentials, region } from '../../tools/host/aws-json.ts';
import type { HostConsole } from '../../tools/host/console.ts';
import { type Host, type HostOptions, startHost } from '../../tools/host/host.ts';
import { type PermissionGate, permissionGate } from '../permissions/gate.ts';
import { keptLog } from './kept-log.ts';

export interface TestHostOptions
  extends Pick<
    HostOptions,
    | 'assemblyFolder'
    | 'auth'
    | 'dynamodbUrl'
    | 'interceptCalls'
    | 'otlpUrl'
    | 'owners'
    | 'persistFolder'
    | 'traces'
  > {
  readonly onFunctionLog?: HostConsole['functionLog'];
  readonly onWarning?: HostConsole['warn'];
}

/** A running host, and the calls and grants of its functions. */
export interface TestHost extends Host, Pick<PermissionGate, 'calls' | 'grants'> {
  /** Throws when a function made a call that its role does not allow: on AWS the call would fail. */
  stop(): Promise<void>;
}

/**
 * Starts a host on free ports, of this project or of another synthesized app. Its functions may only do what their roles
 * allow, unless the options name another interceptor of their calls. All log lines, and the spans that the host still has when it stops, are kept
 * until the run ends, and are then searched for patients.
 */
export async function startTestHost(options: TestHostOptions = {}): Promise<TestHost> {
  const { onFunctionLog, onWarning, ...app } = options;
  const log = keptLog();
  const keep = (line: string) => log(`${line}\n`);
  const functionLog: HostConsole['functionLog'] = (functionName, line) => {
    keep(line);
    onFunctionLog?.(functionName, line);
  };
  const warn: HostConsole['warn'] = (line) => {
    keep(line);
    onWarning?.(line);
  };
  const { interceptCalls, calls, grants } = permissionGate();
  const host = await startHost({
    interceptCalls,
    ...app,
    httpPort: 0,
    awsPort: 0,
    console: { say: keep, warn, functionLog },
  });
  return {
    ...host,
    calls,
    grants,
    stop: async () => {
      await host.stop();
      keepSpans(host);
      const refusals = new Set(calls.flatMap(({ refusal }) => refusal ?? []));
      if (refusals.size > 0) throw new Error(`Calls were refused:\n${[...refusals].join('\n')}`);
    },
  };
}

/** Keeps the spans of a host, with the resources of the functions: a line for each. */
function keepSpans(host: Host): void {
  const spans = host
    .receivedSpans()
    .resourceSpans.flatMap(({ resource, scopeSpans = [] }) => [
      resource,
      ...scopeSpans.flatMap((scope) => scope.spans ?? []),
    ]);
  keptLog('telemetry')(spans.map((span) => `${JSON.stringify(span)}\n`).join(''));
}

/** What a client of an AWS SDK needs to talk to a host. */
export const sdkOptions = ({ awsUrl }: Host) => ({ endpoint: awsUrl, region, credentials });
