import { tracingVariables } from '../../../schema/tracing.ts';

/**
 * The variables of a function with those that make it send its spans to `endpoint` (undefined: nothing is added). A function whose template names a receiver
 * keeps it. Another adapter is replaced: no daemon of X-Ray listens here.
 */
export function withTraces(
  variables: Readonly<Record<string, string>>,
  endpoint: string | undefined,
): Readonly<Record<string, string>> {
  if (endpoint === undefined || variables[tracingVariables.endpoint] !== undefined) return variables;
  return { ...variables, [tracingVariables.adapter]: 'otlp', [tracingVariables.endpoint]: endpoint };
}
