import { randomUUID } from 'node:crypto';
import { validTraceparent } from '../kernel/index.ts';
import type { HttpEvent, RequestContext, RequestHeaders } from './messages.ts';
import { problem } from './problem.ts';

const pathCharsMax = 2_048;
const earlierActorCharsMax = 256;
const uuidPattern = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/**
 * Reads a Lambda event as an event of an HTTP API. API Gateway sends every part. A person who invokes the function directly
 * omits most parts, so only `rawPath` and `requestContext.http.method` are required. Throws `invalid-event` for anything
 * else and `invalid-path` for a path over 2,048 characters.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function normalizeEvent(event: unknown): HttpEvent {
  const record = recordOf(event);
  const requestContext = recordOf(record?.['requestContext']);
  const method = recordOf(requestContext?.['http'])?.['method'];
  const { version = '2.0', rawPath, body } = record ?? {};
  if (version !== '2.0' || typeof method !== 'string' || typeof rawPath !== 'string') throw notAnHttpEvent();
  if (!rawPath.startsWith('/')) throw notAnHttpEvent();
  if (rawPath.length > pathCharsMax) {
    throw problem('invalid-path', `A path has at most ${pathCharsMax} characters.`);
  }
  if (body !== undefined && body !== null && typeof body !== 'string') {
    throw problem(
      'invalid-event',
      'The "body" of the event must be a string that holds the JSON, as API Gateway sends it.',
    );
  }
  return {
    method: method.toUpperCase(),
    path: rawPath.toWellFormed(),
    rawQuery: rawQueryOf(record),
    headers: headersOf(record?.['headers']),
    body: body ?? undefined,
    isBase64Encoded: record?.['isBase64Encoded'] === true,
    authorizer: recordOf(requestContext?.['authorizer']),
    fromGateway: stringOf(requestContext?.['apiId']) !== undefined,
  };
}

/** The caller's correlation id if it is a UUID; otherwise a new one. Logs show it, and other text may be personal data. */
export function correlationIdOf(event: HttpEvent | undefined): string {
  const id = event?.headers['x-correlation-id'];
  return id !== undefined && uuidPattern.test(id) ? id : randomUUID();
}

/** The context of a request without its principal, for commits and logs. `now`: ISO 8601, UTC, ms. */
export function requestContextOf(event: HttpEvent, correlationId: string, now: string): RequestContext {
  const earlierActor = earlierActorOf(event.authorizer ?? {});
  const traceparent = validTraceparent(event.headers['traceparent']);
  return {
    correlationId,
    now,
    ...(earlierActor !== undefined && { earlierActor }),
    ...(traceparent !== undefined && { traceparent }),
  };
}

/** The `traceparent` header of a Lambda event, of any form. It is not checked. Undefined: there is none, or the event is no HTTP event. */
export function traceparentIn(event: unknown): string | undefined {
  return headersOf(recordOf(event)?.['headers'])['traceparent'];
}

/** The name that the release before gave this caller in commits. See `EarlierIdentity`. */
function earlierActorOf(authorizer: Readonly<Record<string, unknown>>): string | undefined {
  const subject = recordOf(recordOf(authorizer['jwt'])?.['claims'])?.['sub'];
  const caller = stringOf(subject) ?? stringOf(recordOf(authorizer['iam'])?.['userArn']);
  return caller === '' ? undefined : caller?.slice(0, earlierActorCharsMax).toWellFormed();
}

/** An event written by hand may have only `queryStringParameters`. */
function rawQueryOf(record: Readonly<Record<string, unknown>> | undefined): string {
  const raw = stringOf(record?.['rawQueryString']);
  if (raw !== undefined) return raw;
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(recordOf(record?.['queryStringParameters']) ?? {})) {
    if (typeof value === 'string') query.append(name, value);
  }
  return query.toString();
}

/** Converts names to lower case, as API Gateway sends them. Omits values that are not strings. */
function headersOf(value: unknown): RequestHeaders {
  const headers: Record<string, string | undefined> = Object.create(null);
  for (const [name, header] of Object.entries(recordOf(value) ?? {})) {
    if (typeof header !== 'string') continue;
    const key = name.toLowerCase();
    headers[key] = headers[key] === undefined ? header.trim() : `${headers[key]},${header.trim()}`;
  }
  return headers;
}

function notAnHttpEvent() {
  const detail =
    'This function accepts HTTP API events, payload format 2.0. The smallest one: ' +
    '{"version":"2.0","rawPath":"/health","requestContext":{"http":{"method":"GET"}}}.';
  return problem('invalid-event', detail);
}

/** The value if it is an object and not a list. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
