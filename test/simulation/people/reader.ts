import type { PastAnswer } from '../history.ts';
import type { Act } from '../plan.ts';
import type { PastCall, RowCall, RowReply } from '../system/api-calls.ts';
import { endWithin, pause, type Surroundings } from './surroundings.ts';
import { rowWords } from './words.ts';

/** Attempts of a question, and how long a reader waits for an answer. */
const attemptsMax = 5;
const patienceMs = 40_000;
const waitMs = 500;

type Reply = Exclude<RowReply, { failed: string }>;

interface Answered {
  readonly askedMs: number;
  readonly answeredMs: number;
  readonly found: Reply['found'];
  readonly code: Reply['code'];
}

/** Reads a row, and notes the answer if one comes. */
export async function readRow(
  around: Surroundings,
  { who, context, id, isFresh }: Extract<Act, { kind: 'read' }>,
): Promise<void> {
  const { trace } = around.world;
  trace.say(who, () => `reads ${isFresh ? 'the newest row' : 'the row'} of ${id}`);
  const answered = await ask(around, who, { kind: 'row', context, id, isFresh });
  if (answered === undefined) return;
  trace.say(who, () => `sees ${id}: ${rowWords(answered.found)}`);
  const { code: _, ...answer } = answered;
  around.record.read({ ...answer, context, id, isFresh });
}

/**
 * Asks what all accounts were at one instant, and some time later again: about the same instant, and about the versions that were
 * found. An answer about the past never changes.
 */
export async function askPast(
  around: Surroundings,
  { who, agoMs, laterMs }: Extract<Act, { kind: 'ask-past' }>,
  accounts: readonly string[],
): Promise<void> {
  const { time } = around.world;
  const at = new Date(time.nowMs - agoMs).toISOString();
  const answers = await askAll(around, who, accounts, { at });
  await pause(around, laterMs);
  await askAll(around, who, accounts, { at });
  for (const { id, found } of answers) {
    if (found !== undefined) await askAll(around, who, [id], { version: found.version });
  }
}

async function askAll(
  around: Surroundings,
  who: string,
  accounts: readonly string[],
  point: PastCall['point'],
): Promise<readonly PastAnswer[]> {
  const { trace } = around.world;
  const words = 'at' in point ? `at ${point.at}` : `at version ${point.version}`;
  trace.say(who, () => `asks what ${accounts.join(', ')} had ${words}`);
  const answers = accounts.map(async (id): Promise<PastAnswer | undefined> => {
    const answered = await ask(around, who, { kind: 'past', context: 'ledger', id, point });
    if (answered === undefined) return undefined;
    trace.say(who, () => `is told of ${id} ${words}: ${rowWords(answered.found)}`);
    const { code, ...rest } = answered;
    const answer = {
      ...rest,
      context: 'ledger',
      id,
      point,
      ...(code === 'next' && { isByNewer: true }),
    } as const;
    around.record.past(answer);
    return answer;
  });
  return (await Promise.all(answers)).filter((answer) => answer !== undefined);
}

/** The answer to a question, which is asked again while none comes. Undefined: there is none. */
async function ask(
  around: Surroundings,
  who: string,
  call: RowCall | PastCall,
): Promise<Answered | undefined> {
  const { time, trace } = around.world;
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    const askedMs = time.nowMs;
    const end = await endWithin(around, patienceMs, around.invoke('api', call));
    const reply = end.ok ? (end.result as RowReply) : { failed: end.reason };
    const answeredMs = time.nowMs;
    if (!('failed' in reply)) return { askedMs, answeredMs, ...reply };
    const { context, id } = call;
    if (end.ok) around.record.failed({ askedMs, answeredMs, context, id, code: reply.failed });
    trace.say(who, () => `gets no answer about ${call.id}: ${reply.failed}`);
    await pause(around, waitMs * attempt);
  }
  return undefined;
}
