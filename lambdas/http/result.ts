import type { Answer, HttpResult } from './messages.ts';
import { problem } from './problem.ts';

/** Lambda's maximum for a result as JSON (6 MB), without 4 KB for headers that are added later. */
export const resultMaxBytes = 6 * 1024 * 1024 - 4 * 1024;
/** More than a route's own headers have. */
const headersMaxBytes = 64 * 1024;
/** Each UTF-16 unit of a JSON text becomes at most this many bytes when the result is serialized. */
const unitMaxBytes = 3;

/**
 * Serializes an answer. For HEAD it omits the body. Throws `answer-too-large` for an answer that Lambda would not return: the
 * client would otherwise get API Gateway's message instead of a problem.
 */
export function httpResult({ status, headers, body }: Answer, method?: string): HttpResult {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const result = {
    statusCode: status,
    headers: { ...(text !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(text !== undefined && { body: text }),
  };
  requireReturnable(result);
  if (method !== 'HEAD') return result;
  const { body: _, ...empty } = result;
  return empty;
}

/**
 * Size in bytes of a part of a body in the function's result, with the comma after it. The result holds the body as text, so
 * quotes and backslashes are escaped once more.
 */
export function bytesInResult(part: unknown): number {
  return Buffer.byteLength(JSON.stringify(JSON.stringify(part))) - 1;
}

/** Serializes the result again only if its text is long enough to be too large. */
function requireReturnable(result: HttpResult): void {
  const { body = '' } = result;
  if (body.length * unitMaxBytes < resultMaxBytes - headersMaxBytes) return;
  if (Buffer.byteLength(JSON.stringify(result)) <= resultMaxBytes) return;
  throw problem(
    'answer-too-large',
    'The answer is larger than 6 MB, the maximum of the service. Ask for less, for example with a smaller "limit".',
  );
}
