import { resourceAttributes } from '../../../schema/tracing.ts';
import type { Attributes } from '../tracing.ts';

const bytesPerMb = 1_048_576;

/** The resource of a function, from the variables that Lambda and the stack set. */
export function functionResource(env: Readonly<Record<string, string | undefined>>): Attributes {
  const memoryMb = Number(env['AWS_LAMBDA_FUNCTION_MEMORY_SIZE']);
  return {
    [resourceAttributes.serviceName]: env['POWERTOOLS_SERVICE_NAME'],
    [resourceAttributes.serviceNamespace]: 'streamfold',
    [resourceAttributes.environment]: env['STAGE'],
    [resourceAttributes.cloudProvider]: 'aws',
    [resourceAttributes.cloudPlatform]: 'aws_lambda',
    [resourceAttributes.cloudRegion]: env['AWS_REGION'],
    [resourceAttributes.faasName]: env['AWS_LAMBDA_FUNCTION_NAME'],
    [resourceAttributes.faasVersion]: env['AWS_LAMBDA_FUNCTION_VERSION'],
    [resourceAttributes.faasInstance]: env['AWS_LAMBDA_LOG_STREAM_NAME'],
    [resourceAttributes.faasMaxMemory]: memoryMb > 0 ? memoryMb * bytesPerMb : undefined,
  };
}
