import { tracingVariables } from '../../../schema/tracing.ts';

/** Where functions send their spans. */
export interface SpanTarget {
  /** The whole URL. */
  readonly endpoint: string;
  /** Maximum time of an export. Default: that of a deployed function. */
  readonly timeoutMs?: number;
}

/**
 * The variables of a function with those that make it send its spans to a target (undefined: nothing is added). A function whose template names a receiver
 * keeps it. Another adapter is replaced: no daemon of X-Ray listens here.
 */
export function withTraces(
  variables: Readonly<Record<string, string>>,
  target: SpanTarget | undefined,
): Readonly<Record<string, string>> {
  if (target === undefined || variables[tracingVariables.endpoint] !== undefined) return variables;
  const { endpoint, timeoutMs } = target;
  return {
    ...variables,
    [tracingVariables.adapter]: 'otlp',
    [tracingVariables.endpoint]: endpoint,
    ...(timeoutMs !== undefined && { [tracingVariables.timeoutMs]: String(timeoutMs) }),
  };
}
