import { tracingVariables } from '../../../schema/tracing.ts';

/** Where functions send their spans. */
export interface SpanTarget {
  /** The whole URL. */
  readonly endpoint: string;
  /** Maximum time of an export. Default: that of a deployed function. */
  readonly timeoutMs?: number;
}

/**
 * The variables of a function with those that make it send its spans to a target (undefined: nothing is added). A function whose template names a collector
 * keeps it. What needs AWS is replaced: no daemon of X-Ray listens here, the credentials of the functions are not for CloudWatch, and there are no secrets.
 */
export function withTraces(
  variables: Readonly<Record<string, string>>,
  target: SpanTarget | undefined,
): Readonly<Record<string, string>> {
  const { signing, headerName, headerSecret } = tracingVariables;
  const { [signing]: signed, [headerName]: _, [headerSecret]: secret, ...others } = variables;
  const hasCollector = variables[tracingVariables.endpoint] !== undefined && !signed && !secret;
  if (target === undefined || hasCollector) return variables;
  const { endpoint, timeoutMs } = target;
  return {
    ...others,
    [tracingVariables.adapter]: 'otlp',
    [tracingVariables.endpoint]: endpoint,
    ...(timeoutMs !== undefined && { [tracingVariables.timeoutMs]: String(timeoutMs) }),
  };
}
