import type { Effects } from './effects.ts';

/** The number of attempts, and the waits between them. */
export interface RetryPolicy {
  /** Attempts in total, the first one included. At least 1. */
  readonly maxAttempts: number;
  /** Upper bound of the wait before the second attempt, in ms. It doubles with each further attempt. */
  readonly firstWaitMs: number;
  /** The bound does not grow beyond this, in ms. */
  readonly longestWaitMs: number;
}

/** Waits after a failed attempt: a random time between 0 and the bound of this attempt ("full jitter"). */
export async function backoff(
  failedAttempts: number,
  { firstWaitMs, longestWaitMs }: RetryPolicy,
  { delay, random }: Pick<Effects, 'delay' | 'random'>,
): Promise<void> {
  const boundMs = Math.min(longestWaitMs, firstWaitMs * 2 ** (failedAttempts - 1));
  await delay(random() * boundMs);
}
