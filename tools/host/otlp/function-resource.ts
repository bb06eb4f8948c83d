import { resourceAttributes } from '../../../schema/tracing.ts';
import { shortName } from '../console.ts';
import type { OtlpAttribute } from '../traces/otlp-spans.ts';

/** The resource of a function, for its logs and metrics. What its spans name alike is alike, so that a viewer shows them together. */
export function functionResource(
  functionName: string,
  env: Readonly<Record<string, string | undefined>> = {},
): readonly OtlpAttribute[] {
  const named: Readonly<Record<string, string | undefined>> = {
    [resourceAttributes.serviceName]: env['POWERTOOLS_SERVICE_NAME'] ?? shortName(functionName),
    [resourceAttributes.serviceNamespace]: 'streamfold',
    [resourceAttributes.environment]: env['STAGE'],
    [resourceAttributes.faasName]: functionName,
    [resourceAttributes.faasInstance]: env['AWS_LAMBDA_LOG_STREAM_NAME'],
  };
  return Object.entries(named).flatMap(([key, stringValue]) =>
    stringValue === undefined ? [] : [{ key, value: { stringValue } }],
  );
}
