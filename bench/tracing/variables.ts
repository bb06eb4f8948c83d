import { tracingVariables } from '../../schema/tracing.ts';

type Variables = Readonly<Record<string, string>>;

/** The variables of a function without tracing. */
export const offVariables: Variables = { [tracingVariables.adapter]: 'off' };

/** Those of a function that sends signed spans to a receiver, as to CloudWatch. `ratio`: the part of traces without a parent that is sampled. */
export function otlpVariables(url: string, ratio: 0 | 1): Variables {
  const { adapter, endpoint, signing, ratio: ratioVariable } = tracingVariables;
  return { [adapter]: 'otlp', [endpoint]: url, [signing]: 'sigv4', [ratioVariable]: String(ratio) };
}

/** Those of a function with a daemon of X-Ray. Lambda sets the address. */
export function xrayVariables(daemonAddress: string): Variables {
  return { [tracingVariables.adapter]: 'xray', AWS_XRAY_DAEMON_ADDRESS: daemonAddress };
}
