import type { Context } from 'aws-lambda';
import { standardAttributes } from '../../schema/tracing.ts';
import type { Invocation } from '../tracing/tracing.ts';

/** The span of an invocation by a queue, a stream, a schedule or a person. The API's is another one. */
export function invocationOf(_event: unknown, { awsRequestId }: Context): Invocation {
  return {
    name: 'invoke',
    kind: 'internal',
    attributes: { [standardAttributes.faasInvocationId]: awsRequestId },
  };
}
