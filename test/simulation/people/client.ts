import type { CommandAnswer } from '../history.ts';
import type { Act } from '../plan.ts';
import type { CommandCall, CommandReply } from '../system/api-calls.ts';
import type { Random } from '../world/random.ts';
import {
  endWithin,
  gaveUp,
  type InvocationEnd,
  type OpenOperation,
  pause,
  type Surroundings,
} from './surroundings.ts';
import { answerWords, commandWords } from './words.ts';

type CommandAct = Extract<Act, { kind: 'command' }>;

/** Failures after which a client sends the command again, with its key. HTTP says so by 503, 429, or 409 with `Retry-After`. */
const passingFailures: ReadonlySet<string> = new Set([
  'contention',
  'unknown-outcome',
  'throttled',
  'clock-off',
]);

/** Waits between attempts, in ms. */
const [waitMinMs, waitMaxMs] = [50, 2_000];

/** Begins the operation of an act. `misusesKeyOf`: the place of the operation whose key it has. */
export function operationOf(
  { commandIdOf }: Pick<Surroundings, 'commandIdOf'>,
  { who, command, key, expectedVersion }: CommandAct,
  misusesKeyOf: number | undefined,
): OpenOperation {
  return {
    who,
    command,
    ...(key !== undefined && { key, commandId: commandIdOf(key) }),
    ...(misusesKeyOf !== undefined && { misusesKeyOf }),
    ...(expectedVersion !== undefined && { expectedVersion }),
    attempts: [],
  };
}

/**
 * Sends a command until it is answered, with at most `attempts`, each with the same key. Without a key there is one attempt. What the
 * client gave up may still be carried out.
 */
export async function send(
  around: Surroundings,
  operation: OpenOperation,
  { attempts, patienceMs, random }: Pick<CommandAct, 'attempts' | 'patienceMs'> & { readonly random: Random },
): Promise<void> {
  const most = operation.key === undefined ? 1 : attempts;
  for (let attempt = 1; ; attempt += 1) {
    const answer = await attemptOf(around, operation, { patienceMs, isFirst: attempt === 1 });
    if (!isRepeated(answer) || attempt >= most) return;
    await pause(around, random.between(waitMinMs, waitMaxMs));
  }
}

async function attemptOf(
  around: Surroundings,
  operation: OpenOperation,
  { patienceMs, isFirst }: { readonly patienceMs: number; readonly isFirst: boolean },
): Promise<CommandAnswer> {
  const { time, trace } = around.world;
  const { who, command, key, expectedVersion } = operation;
  const label = key === undefined ? 'no key' : `key ${key}`;
  trace.say(who, () => {
    const misused = operation.misusesKeyOf === undefined ? '' : ', of another command';
    const expected = expectedVersion === undefined ? '' : `, if at version ${expectedVersion}`;
    const again = isFirst && operation.attempts.length === 0 ? '' : 'again ';
    return `${again}${commandWords(command)} (${label}${misused}${expected})`;
  });
  const sentMs = time.nowMs;
  const call: CommandCall = {
    ...{ kind: 'command', command },
    ...(key !== undefined && { key }),
    ...(expectedVersion !== undefined && { expectedVersion }),
  };
  const noteId = (end: InvocationEnd) => {
    // Whoever has no key learns the id from the answer, and in a history also from one that came too late.
    if (end.ok && key === undefined) operation.commandId = (end.result as CommandReply).commandId;
  };
  const end = await endWithin(around, patienceMs, around.invoke('api', call), noteId);
  noteId(end);
  const answer: CommandAnswer = end.ok
    ? (end.result as CommandReply).answer
    : { outcome: 'unanswered', reason: end.reason };
  operation.attempts.push({ sentMs, endedMs: time.nowMs, answer });
  trace.say(who, () => {
    const isGivenUp = !end.ok && end.reason === gaveUp;
    return isGivenUp ? `gives up waiting (${label})` : `${answerWords(answer)} (${label})`;
  });
  return answer;
}

function isRepeated(answer: CommandAnswer): boolean {
  return answer.outcome === 'unanswered' || isPassing(answer);
}

/** A failure that says: try again. */
export function isPassing(answer: CommandAnswer): boolean {
  return answer.outcome === 'failed' && passingFailures.has(answer.code);
}
