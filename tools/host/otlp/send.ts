import { messageOf } from '../user-error.ts';

/**
 * The outcome of a request.
 * - `received`: also if the receiver says that it rejects a part
 * - `not-received`: it may be received later, so it is sent again
 * - `refused`: it will never be received, and a later one may be
 * - `unsupported`: the receiver has no such data
 */
export type Outcome =
  | { readonly kind: 'received' }
  | { readonly kind: 'not-received' | 'refused' | 'unsupported'; readonly reason: string };

/** Sends one request of OTLP/HTTP. Never rejects. @param signal gives it up */
export async function send(url: string, body: object, signal: AbortSignal): Promise<Outcome> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      redirect: 'manual',
      signal,
    });
    // Its content is not needed, and may have no end.
    await response.body?.cancel();
    return outcomeOf(response.status);
  } catch (error) {
    return { kind: 'not-received', reason: reasonOf(error) };
  }
}

/** https://opentelemetry.io/docs/specs/otlp/#failures-1 names those that may be sent again. 500 is what a receiver answers in an outage of its own. */
const retried = [408, 429, 500, 502, 503, 504];
/** There is no such path, or it does not take JSON. */
const unsupported = [404, 405, 415, 501];

function outcomeOf(status: number): Outcome {
  if (status >= 200 && status <= 299) return { kind: 'received' };
  const reason = `status ${status}`;
  if (retried.includes(status)) return { kind: 'not-received', reason };
  return { kind: unsupported.includes(status) ? 'unsupported' : 'refused', reason };
}

/** Without the text of the URL, which an error may repeat. */
function reasonOf(error: unknown): string {
  const { name, cause } = Object(error) as Partial<Error>;
  if (name === 'TimeoutError' || name === 'AbortError') return 'no answer in time';
  const { code } = Object(cause) as { readonly code?: unknown };
  return typeof code === 'string' ? code : messageOf(cause ?? error);
}
