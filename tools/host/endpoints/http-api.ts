import type { IncomingMessage, ServerResponse } from 'node:http';
import { authorize } from '../auth/authorizer.ts';
import { AwsError } from '../aws-error.ts';
import { readBody } from './body.ts';
import { httpEvent } from './http-event.ts';
import { gatewayError, type HttpAnswer, httpAnswer } from './http-response.ts';
import type { HttpApiRoutes } from './routes.ts';

/** API Gateway's limit for a request. */
const requestLimitBytes = 10 * 1024 * 1024;

/** Answers requests as an HTTP API does: by the function of the matching route. `warn` gets the error of a function that failed. */
export function httpApiListener(routes: HttpApiRoutes, warn: (message: string) => void) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const answer = await answerTo(routes, warn, request);
    // The body for HEAD may have another length than the body for GET.
    const hasLength = request.method !== 'HEAD' && answer.statusCode !== 204 && answer.statusCode !== 304;
    response.writeHead(answer.statusCode, {
      ...answer.headers,
      ...(hasLength && { 'content-length': answer.body.length }),
    });
    response.end(answer.body);
  };
}

async function answerTo(
  routes: HttpApiRoutes,
  warn: (message: string) => void,
  request: IncomingMessage,
): Promise<HttpAnswer> {
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
    const event = JSON.stringify(httpEvent(request, body, { ...match, ...authorization }, now));
    const result = await match.target.invoke(event);
    if (result.functionError === undefined) return httpAnswer(result.payload);
    // The error of a function is for the person who runs the host, not for callers.
    warn(`${match.target.configuration.name} failed: ${result.payload}`);
    return gatewayError(500, 'Internal Server Error');
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return error.statusCode === 413
      ? gatewayError(413, 'Request Entity Too Large')
      : gatewayError(503, 'Service Unavailable');
  }
}
