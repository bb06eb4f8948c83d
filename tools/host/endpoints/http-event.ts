import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { accountId } from '../aws-json.ts';
import type { RouteMatch } from './routes.ts';

/** The route of a request, and what its authorizer found out. */
type Authorized = Pick<RouteMatch, 'routeKey' | 'pathParameters'> & {
  readonly authorizer?: object | undefined;
};

const apiId = 'local';

/**
 * The event of payload format 2.0 for a request, with the fields that the app reads.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function httpEvent(request: IncomingMessage, body: Buffer, match: Authorized, now: Date): object {
  const [rawPath = '/', rawQueryString = ''] = splitOnce(request.url ?? '/', '?');
  const sourceIp = request.socket.remoteAddress ?? '127.0.0.1';
  const { cookie, ...headers } = joinHeaders(request);
  const query = queryParameters(rawQueryString);
  // Decoding would silently replace bytes that are not UTF-8.
  const isText = isTextual(headers['content-type']) && isUtf8(body);
  return {
    version: '2.0',
    routeKey: match.routeKey,
    rawPath,
    rawQueryString,
    ...(cookie !== undefined && { cookies: cookie.split('; ') }),
    headers: {
      ...headers,
      'x-forwarded-for': sourceIp,
      'x-forwarded-proto': 'http',
    },
    ...(Object.keys(query).length > 0 && { queryStringParameters: query }),
    ...(Object.keys(match.pathParameters).length > 0 && { pathParameters: match.pathParameters }),
    requestContext: {
      accountId,
      apiId,
      ...(match.authorizer && { authorizer: match.authorizer }),
      domainName: headers['host'] ?? 'localhost',
      http: {
        method: request.method,
        path: rawPath,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey: match.routeKey,
      stage: '$default',
      timeEpoch: now.getTime(),
    },
    ...(body.length > 0 && { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

/** By lower-case names; the values of a repeated header are joined by commas. */
function joinHeaders(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headersDistinct).map(([name, values = []]) => [
      name,
      values.join(name === 'cookie' ? '; ' : ','),
    ]),
  );
}

function queryParameters(rawQueryString: string): Record<string, string> {
  const grouped = Map.groupBy(new URLSearchParams(rawQueryString), ([name]) => name);
  return Object.fromEntries(
    [...grouped].map(([name, pairs]) => [name, pairs.map(([, value]) => value).join(',')]),
  );
}

/** Whether API Gateway passes this type on as text. Everything else becomes base64, including forms and a missing type. */
function isTextual(contentType: string | undefined): boolean {
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  return /^text\/|^application\/(json|javascript|xml)$|\+(json|xml)$/.test(type);
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
