import type { Context } from 'aws-lambda';
import { ownAttributes, standardAttributes } from '../../schema/tracing.ts';
import { recordOf, traceparentIn } from '../http/event.ts';
import { type AnsweredRequest, reportedMethod } from '../http/request-log.ts';
import type { Description, Invocation } from '../tracing/tracing.ts';

/** https://opentelemetry.io/docs/specs/semconv/http/http-spans/: the attribute and the name of a method that is not known. */
const otherMethod = { attribute: '_OTHER', name: 'HTTP' };

/** The span of an invocation of the API. Its event may be of any form. The kind `server` says that the caller is not trusted. */
export function requestInvocation(event: unknown, { awsRequestId }: Context): Invocation {
  const method = recordOf(recordOf(recordOf(event)?.['requestContext'])?.['http'])?.['method'];
  const { name, attribute } = methodOf(
    reportedMethod(typeof method === 'string' ? method.toUpperCase() : ''),
  );
  return {
    name,
    kind: 'server',
    traceparent: traceparentIn(event),
    attributes: {
      [standardAttributes.faasTrigger]: 'http',
      [standardAttributes.faasInvocationId]: awsRequestId,
      [standardAttributes.httpMethod]: attribute,
    },
  };
}

/** What the span of a request says when it is answered. Only an answer of 500 or more is a failure of the server. */
export function requestDescription(request: AnsweredRequest): Description {
  const { template, status, problemCode, correlationId } = request;
  const { name, attribute } = methodOf(request.method);
  return {
    name: template === undefined ? name : `${name} ${template}`,
    attributes: {
      [standardAttributes.httpMethod]: attribute,
      [standardAttributes.httpRoute]: template,
      [standardAttributes.httpStatus]: status,
      [ownAttributes.correlationId]: correlationId,
      [ownAttributes.problem]: problemCode,
    },
    ...(status >= 500 && { error: String(status) }),
  };
}

function methodOf(reported: string): { readonly attribute: string; readonly name: string } {
  return reported === 'OTHER' ? otherMethod : { attribute: reported, name: reported };
}
