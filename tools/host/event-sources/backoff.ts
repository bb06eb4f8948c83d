import { setTimeout as delay } from 'node:timers/promises';

/** Waits `ms`, or until `signal` aborts; rejects never. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch {
    // Aborted: the caller looks at its signal.
  }
}

/** How long to wait before attempt `attempt` (1 is the first repetition): doubling, bounded. */
export function backoffMs(attempt: number, firstMs: number, longestMs: number): number {
  return Math.min(firstMs * 2 ** Math.min(attempt - 1, 30), longestMs);
}
