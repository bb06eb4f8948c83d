import type { IncomingMessage, ServerResponse } from 'node:http';
import { authorize } from '../auth/authorizer.ts';
import { AwsError } from '../aws-error.ts';
import type { InvocationResult, LocalFunction } from '../lambda/function.ts';
import { readBody } from './body.ts';
import { httpEvent } from './http-event.ts';
import { gatewayError, type HttpAnswer, httpAnswer } from './http-response.ts';
import type { HttpApiRoutes } from './routes.ts';

/** API Gateway's limit for a request. */
const requestLimitBytes = 10 * 1024 * 1024;

/** Answers requests as an HTTP API does: by the function of the matching route. */
export function httpApiListener(routes: HttpApiRoutes) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const answer = await answerTo(routes, request);
    // The body for HEAD may have another length than the body for GET.
    const hasLength = request.method !== 'HEAD' && answer.statusCode !== 204 && answer.statusCode !== 304;
    response.writeHead(answer.statusCode, {
      ...answer.headers,
      ...(hasLength && { 'content-length': answer.body.length }),
    });
    response.end(answer.body);
  };
}

async function answerTo(routes: HttpApiRoutes, request: IncomingMessage): Promise<HttpAnswer> {
  const body = await readBody(request, requestLimitBytes);
  if (body === undefined) return gatewayError(413, 'Request Entity Too Large');
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  const match = routes.match(request.method ?? 'GET', path);
  if (match === undefined) return gatewayError(404, 'Not Found');
  const now = new Date();
  const authorization = match.authorizer && authorize(match.authorizer, request.headers.authorization, now);
  if (authorization && 'refusal' in authorization) {
    return gatewayError(401, 'Unauthorized', { 'www-authenticate': authorization.refusal });
  }
  try {
    const origin = `${request.method} ${path}`;
    const event = JSON.stringify(httpEvent(request, body, { ...match, ...authorization }, now));
    return answerOf(match.target, await match.target.invoke(event, { origin }), origin);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return error.statusCode === 413
      ? gatewayError(413, 'Request Entity Too Large')
      : gatewayError(503, 'Service Unavailable');
  }
}

const noResponse = {
  name: 'Error',
  message:
    'The result is not a response of an HTTP API, which has a statusCode from 100 to 599 and a text as its body.',
  stack: '',
};

/** The answer for a function's result. A failure is told to the person who runs the host; callers learn where to look. */
function answerOf(target: LocalFunction, result: InvocationResult, origin: string): HttpAnswer {
  const { requestId, functionError, payload, failureNumber } = result;
  const answer = functionError === undefined ? httpAnswer(payload) : undefined;
  if (answer !== undefined) return answer;
  const number =
    functionError === undefined ? target.report({ origin, requestId }, noResponse) : failureNumber;
  return gatewayError(
    500,
    'Internal Server Error',
    {},
    {
      function: target.configuration.name,
      requestId,
      ...(number !== undefined && { see: `failure ${number} in the output of the host` }),
    },
  );
}
