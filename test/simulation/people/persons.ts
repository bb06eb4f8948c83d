import type { CommandAnswer } from '../history.ts';
import type { Act } from '../plan.ts';
import type { FoundPersons, PersonCall, PersonReply } from '../system/api-calls.ts';
import { isPassing } from './client.ts';
import { endWithin, pause, type Surroundings } from './surroundings.ts';
import { answerWords } from './words.ts';

type PersonAct = Extract<Act, { kind: 'person' }>;

/** Attempts, the waits between them, and how long somebody waits for an answer. Persons are in the index some seconds after their first dispense. */
const attemptsMax = 8;
const waitMs = 4_000;
const patienceMs = 10_000;

/** Finds a person by the identifier, and sends a command on the person until it is answered. */
export async function askAboutPerson(around: Surroundings, act: PersonAct): Promise<void> {
  const { who, asks, identifier, atMs } = act;
  const { trace } = around.world;
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    const end = await endWithin(
      around,
      patienceMs,
      around.invoke('api', { kind: 'find-person', identifier }),
    );
    const [personId] = end.ok ? (end.result as FoundPersons).persons : [];
    trace.say(who, () => `looks for ${identifier}: ${personId ?? 'nobody'}`);
    if (personId !== undefined)
      return send(around, { who, asks, personId, key: `${asks} ${personId} ${atMs}` });
    await pause(around, waitMs);
  }
}

/** Lifts all holds, so that no erasure waits for a person. Call it when faults have ended. */
export async function liftHolds(around: Surroundings, held: readonly string[]): Promise<void> {
  for (const personId of new Set(held))
    await send(around, { who: 'the officer', asks: 'lift', personId, key: `the last lift ${personId}` });
}

async function send(
  around: Surroundings,
  { who, ...asked }: Omit<PersonCall, 'kind'> & { readonly who: string },
): Promise<void> {
  const { time, trace } = around.world;
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    trace.say(who, () => `asks for "${asked.asks}" of ${asked.personId}`);
    const sentMs = time.nowMs;
    const end = await endWithin(around, patienceMs, around.invoke('api', { kind: 'person', ...asked }));
    const reply: PersonReply = end.ok
      ? (end.result as PersonReply)
      : { personId: asked.personId, answer: { outcome: 'unanswered', reason: end.reason } };
    const { personId, answer } = reply;
    around.record.person({ who, asked: asked.asks, personId, sentMs, endedMs: time.nowMs, answer });
    trace.say(who, () => answerWords(answer));
    if (!isRepeated(answer)) return;
    await pause(around, waitMs);
  }
}

function isRepeated(answer: CommandAnswer): boolean {
  return answer.outcome === 'unanswered' || isPassing(answer);
}
