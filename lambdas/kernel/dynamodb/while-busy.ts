import type { Effects } from '../effects.ts';
import { isBusy } from '../outage.ts';
import { backoff, type RetryPolicy } from '../retry.ts';

/** The client has its own attempts for each of these. Together they last for about a quarter of a minute. */
const retry: RetryPolicy = { maxAttempts: 8, firstWaitMs: 100, longestWaitMs: 6_400 };

/** Repeats a call that fails with a fault that passes by itself, such as throttling. Throws what the last attempt throws. */
export async function whileBusy<Result>(
  call: () => Promise<Result>,
  effects: Pick<Effects, 'delay' | 'random'>,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      if (attempt >= retry.maxAttempts || !isBusy(error)) throw error;
      await backoff(attempt, retry, effects);
    }
  }
}
