import { setTimeout as delay } from 'node:timers/promises';

const pollMs = 25;

/** Asks again and again until the answer satisfies, and returns it. Fails with the last answer at the deadline. */
export async function until<Answer>(
  ask: () => Promise<Answer>,
  isSatisfied: (answer: Answer) => boolean,
  deadlineMs = 15_000,
): Promise<Answer> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (isSatisfied(answer)) return answer;
    if (Date.now() > deadline) {
      throw new Error(`Still waiting after ${deadlineMs} ms; the last answer was ${JSON.stringify(answer)}`);
    }
    await delay(pollMs);
  }
}
