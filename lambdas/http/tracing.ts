import type { Tracer } from '@aws-lambda-powertools/tracer';
import { captureLambdaHandler } from '@aws-lambda-powertools/tracer/middleware';
import type { MiddlewareObj } from '@middy/core';
import type { Context } from 'aws-lambda';

/**
 * Powertools' tracing of the handler, only for invocations with a trace: for others, Powertools would log a warning at every
 * request. Responses are not captured, because they contain the callers' data.
 */
export function tracing(tracer: Tracer | undefined): MiddlewareObj<unknown, unknown, Error, Context> {
  if (tracer === undefined) return { before: () => undefined };
  const capture = captureLambdaHandler(tracer, { captureResponse: false });
  return {
    before: (request) => {
      if (tracer.getRootXrayTraceId() !== undefined) capture.before?.(request);
    },
    after: (request) => {
      if (tracer.getRootXrayTraceId() !== undefined) capture.after?.(request);
    },
    onError: (request) => {
      if (tracer.getRootXrayTraceId() !== undefined) capture.onError?.(request);
    },
  };
}
