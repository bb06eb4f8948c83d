import type { Effects } from './effects.ts';
import { backoff, type RetryPolicy } from './retry.ts';

/** Which parts of a request were not accepted, and the last reason if there is one. */
export interface Refused<Part> {
  readonly refused: readonly Part[];
  readonly error?: unknown;
}

/**
 * Sends parts, and sends those again that were refused, until all are accepted or the attempts are used up. Returns
 * what is still refused, in its order. Throws what `send` throws.
 */
export async function sendWithRetry<Part>(
  parts: readonly Part[],
  send: (parts: readonly Part[]) => Promise<Refused<Part>>,
  retry: RetryPolicy,
  effects: Pick<Effects, 'delay' | 'random'>,
): Promise<Refused<Part>> {
  let result: Refused<Part> = { refused: parts };
  for (let attempt = 1; result.refused.length > 0 && attempt <= retry.maxAttempts; attempt += 1) {
    if (attempt > 1) await backoff(attempt - 1, retry, effects);
    const { refused, error = result.error } = await send(result.refused);
    result = { refused, error };
  }
  return result;
}
