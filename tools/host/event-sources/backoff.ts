import { setTimeout as delay } from 'node:timers/promises';

/** Resolves after `ms`, or when `signal` aborts. Never rejects. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}

/** The wait before retry `attempt` (1 is the first), in ms. Doubles with each retry, up to `longestMs`. */
export function backoffMs(attempt: number, firstMs: number, longestMs: number): number {
  return Math.min(firstMs * 2 ** Math.min(attempt - 1, 30), longestMs);
}
