import type { Reply } from '../../support/http-client.ts';
import type { CommandAnswer } from '../history.ts';

const problemPrefix = 'urn:streamfold:problem:';

/** Problems after which a command may have been committed, or which say nothing about it: the caller knows as little as without an answer. */
const sayNothing: ReadonlySet<string> = new Set(['unavailable', 'internal-error', 'answer-too-large']);

/** What a reply says of a command. */
export function answerOf(reply: Reply): CommandAnswer {
  const { status, headers, body } = reply;
  if (status === 200 || status === 201) {
    return {
      // No command of a person that is sent here is accepted without a change.
      outcome: 'changed',
      repeated: headers.get('idempotency-replayed') === 'true',
      version: Number(body['version']),
      created: status === 201,
      body,
    };
  }
  const code = problemCode(reply);
  if (code === undefined) return unanswered(`status ${status}`);
  // Codes of contexts have the context in front.
  if (code.includes('/')) return { outcome: 'refused', code };
  return sayNothing.has(code) ? unanswered(code) : { outcome: 'failed', code };
}

/** There is no answer. */
export function unanswered(reason: string): CommandAnswer {
  return { outcome: 'unanswered', reason };
}

/** The code of a problem. Undefined: the reply is none. */
export function problemCode({ body }: Pick<Reply, 'body'>): string | undefined {
  const type = body['type'];
  return typeof type === 'string' && type.startsWith(problemPrefix)
    ? type.slice(problemPrefix.length)
    : undefined;
}

/** Kernel codes after which the same command with the same key is worth another attempt. */
const temporary: ReadonlySet<string> = new Set(['contention', 'clock-off', 'unknown-outcome']);

/** Whether another attempt may have another answer. */
export function isWorthRetrying(answer: CommandAnswer): boolean {
  return answer.outcome === 'unanswered' || (answer.outcome === 'failed' && temporary.has(answer.code));
}
