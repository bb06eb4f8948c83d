import { setTimeout as delay } from 'node:timers/promises';

export interface PollOptions<Answer> {
  readonly timeoutMs: number;
  readonly intervalMs: number;
  /** Creates the error of a timeout from the last answer. */
  readonly onTimeout: (lastAnswer: Answer) => Error;
}

/** Asks every `intervalMs` until `isDone` accepts the answer, and returns that answer. What `ask` throws is passed on. */
export async function poll<Answer>(
  ask: () => Answer | Promise<Answer>,
  isDone: (answer: Answer) => boolean,
  { timeoutMs, intervalMs, onTimeout }: PollOptions<Answer>,
): Promise<Answer> {
  const deadlineMs = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (isDone(answer)) return answer;
    if (Date.now() > deadlineMs) throw onTimeout(answer);
    await delay(intervalMs);
  }
}
