import { setTimeout as delay } from 'node:timers/promises';
import type { ReadSpans } from './read-spans.ts';
import { shownEndMs } from './span.ts';

/** How long a trace is waited for. One whose last span ended before that is complete: a function that starts may need more than a second. */
const waitMs = 2_000;
const intervalMs = 100;

/** Asks until the trace is there and complete, for 2 s at most. Returns the last answer. */
export async function untilSettled(
  ask: () => Promise<ReadSpans | undefined>,
): Promise<ReadSpans | undefined> {
  const deadlineMs = Date.now() + waitMs;
  for (;;) {
    const answer = await ask();
    if ((answer !== undefined && isQuiet(answer)) || Date.now() >= deadlineMs) return answer;
    await delay(intervalMs);
  }
}

function isQuiet({ spans }: ReadSpans): boolean {
  const latestMs = spans.reduce((latest, span) => Math.max(latest, shownEndMs(span)), 0);
  return spans.length > 0 && latestMs < Date.now() - waitMs;
}
