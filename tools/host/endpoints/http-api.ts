import type { IncomingMessage, ServerResponse } from 'node:http';
import { authorize } from '../auth/authorizer.ts';
import { AwsError } from '../aws-error.ts';
import type { InvocationResult, LocalFunction } from '../lambda/function.ts';
import { readBody } from './body.ts';
import type { Cors, CorsRequest } from './cors.ts';
import { httpEvent } from './http-event.ts';
import { gatewayError, type HttpAnswer, httpAnswer } from './http-response.ts';
import type { GuardPolicy } from './request-guard.ts';
import { isLoopback } from './request-target.ts';
import type { HttpApiRoutes } from './routes.ts';

const noContent: HttpAnswer = { statusCode: 204, headers: {}, body: Buffer.alloc(0) };

/** API Gateway's limit for a request. */
const requestLimitBytes = 10 * 1024 * 1024;

/**
 * What a link on any page may open: answers without data of a person, of which no read is recorded. A link to other paths is refused,
 * because a page could otherwise cause reads in the name of the user.
 */
const openToLinks: ReadonlySet<string> = new Set(['/', '/health', '/openapi.json']);

/** Lets in the pages of the origins that the stage names, and links to {@link openToLinks}. */
export function httpPolicy(cors: Cors): GuardPolicy {
  return {
    allowsOrigin: (origin) => cors.allows(origin),
    adviceFor: howToName,
    isOpen: ({ isLink, target }) => isLink && openToLinks.has(target.split('?')[0] ?? ''),
  };
}

/** The command that names an origin of this machine. Nobody should paste one that names a site which just tried. */
function howToName(origin: string): string {
  const url = URL.parse(origin);
  if (url === null || !isLoopback(url.host)) return 'docs/host-security.md says which pages may.';
  return `To let the pages of this origin call the HTTP API: npm start -- --settings '{"cors":{"origins":["${url.origin}"]}}'`;
}

export interface HttpApiOptions {
  readonly routes: HttpApiRoutes;
  readonly cors: Cors;
}

/** Answers requests as an HTTP API does: by the function of the matching route. */
export function httpApiListener(options: HttpApiOptions) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const answer = await answerTo(options, request);
    const headers = options.cors.headersFor(corsRequest(request), answer.headers);
    // The body for HEAD may have another length than the body for GET.
    const hasLength = request.method !== 'HEAD' && answer.statusCode !== 204 && answer.statusCode !== 304;
    response.writeHead(answer.statusCode, {
      ...headers,
      ...(hasLength && { 'content-length': answer.body.length }),
    });
    response.end(answer.body);
  };
}

function corsRequest({ method = 'GET', headers }: IncomingMessage): CorsRequest {
  return { method, origin: headers.origin, requestedMethod: headers['access-control-request-method'] };
}

async function answerTo({ routes, cors }: HttpApiOptions, request: IncomingMessage): Promise<HttpAnswer> {
  const body = await readBody(request, requestLimitBytes);
  if (body === undefined) return gatewayError(413, 'Request Entity Too Large');
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  const match = routes.match(request.method ?? 'GET', path);
  if (match === undefined) {
    return cors.isPreflight(corsRequest(request)) ? noContent : gatewayError(404, routes.notFound);
  }
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
