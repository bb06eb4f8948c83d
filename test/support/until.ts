import { setTimeout as delay } from 'node:timers/promises';
import { Patience } from './patience.ts';

const intervalMs = 25;

/**
 * Asks until the answer is accepted, and returns it. Throws what `ask` throws; fails with the last answer when the time is over.
 * @param quietMs how long to wait on a quiet machine; on a slow one the wait is up to twenty times as long, and up to twenty minutes longer
 */
export async function until<Answer>(
  ask: () => Answer | Promise<Answer>,
  isSatisfied: (answer: Answer) => boolean,
  quietMs = 15_000,
): Promise<Answer> {
  const patience = new Patience(quietMs);
  for (;;) {
    const answer = await ask();
    if (isSatisfied(answer)) return answer;
    if (patience.isOver()) {
      throw new Error(
        `Still waiting after ${quietMs} ms of a quiet machine's time; the last answer was ${JSON.stringify(answer)}`,
      );
    }
    await delay(intervalMs);
  }
}
