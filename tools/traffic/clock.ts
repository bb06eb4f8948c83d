import { setTimeout as delay } from 'node:timers/promises';

/** Time as the run sees it; specs bring one that passes at once. */
export interface Clock {
  /** Ms since some fixed instant; never goes back. */
  nowMs(): number;
  /** Rejects with the signal's reason where it is aborted before. */
  wait(durationMs: number, signal: AbortSignal): Promise<void>;
}

export const realClock: Clock = {
  nowMs: () => performance.now(),
  wait: async (durationMs, signal) => {
    await delay(durationMs, undefined, { signal });
  },
};
