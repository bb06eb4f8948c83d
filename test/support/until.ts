import { poll } from '../../tools/host/poll.ts';

const intervalMs = 25;

/** Asks until the answer is accepted, and returns it. Throws what `ask` throws; fails with the last answer at the deadline. */
export function until<Answer>(
  ask: () => Answer | Promise<Answer>,
  isSatisfied: (answer: Answer) => boolean,
  deadlineMs = 15_000,
): Promise<Answer> {
  const onTimeout = (answer: Answer) =>
    new Error(`Still waiting after ${deadlineMs} ms; the last answer was ${JSON.stringify(answer)}`);
  return poll(ask, isSatisfied, { timeoutMs: deadlineMs, intervalMs, onTimeout });
}
