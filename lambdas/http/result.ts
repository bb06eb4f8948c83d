import type { Answer, HttpResult } from './messages.ts';

/** Serializes an answer. For HEAD it omits the body. */
export function httpResult({ status, headers, body }: Answer, method?: string): HttpResult {
  const text = body === undefined ? undefined : JSON.stringify(body);
  return {
    statusCode: status,
    headers: { ...(text !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(text !== undefined && method !== 'HEAD' && { body: text }),
  };
}
