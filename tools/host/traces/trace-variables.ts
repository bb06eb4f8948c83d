import { tracingVariables } from '../../../schema/tracing.ts';

/** Where functions send their spans. */
export interface TracesEndpoint {
  readonly url: string;
  /** Maximum time of an export, in ms. Default: as on AWS. */
  readonly maxMs?: number;
}

/** For the host's own receiver: all functions, engines and the host share the processor, and spans should not be lost because it is busy. */
export const ownReceiverMaxMs = 2_000;

/**
 * The variables of a function with those that make it send its spans to `endpoint` (undefined: nothing is added). A function whose template names a receiver
 * keeps it. Another adapter is replaced: no daemon of X-Ray listens here.
 */
export function withTraces(
  variables: Readonly<Record<string, string>>,
  endpoint: TracesEndpoint | undefined,
): Readonly<Record<string, string>> {
  if (endpoint === undefined || variables[tracingVariables.endpoint] !== undefined) return variables;
  const { url, maxMs } = endpoint;
  return {
    ...variables,
    [tracingVariables.adapter]: 'otlp',
    [tracingVariables.endpoint]: url,
    ...(maxMs !== undefined && { [tracingVariables.timeoutMs]: String(maxMs) }),
  };
}
