import type { ListAnswer, ListEntry, ListQuestion } from '../history.ts';
import type { ListCall, ListReply } from '../system/api-calls.ts';
import { endWithin, pause, type Surroundings } from './surroundings.ts';

/** Attempts of a page, and how long a reader waits for it, in ms. */
const attemptsMax = 4;
const patienceMs = 40_000;
const waitMs = 500;

/** Whoever gets more pages than this reads in a circle. */
const pagesMax = 3_000;

/** Reads a list to its end, and notes it. A list with a page that nobody answers is not noted. */
export async function readList(
  around: Surroundings,
  who: string,
  question: ListQuestion,
  isFinal = false,
): Promise<void> {
  const { time, trace } = around.world;
  trace.say(who, () => `lists ${questionWords(question)}`);
  const entries: ListEntry[] = [];
  const askedMs = time.nowMs;
  let lastAskedMs = askedMs;
  let after: string | undefined;
  for (let pages = 0; pages < pagesMax; pages += 1) {
    lastAskedMs = time.nowMs;
    const page = await ask(around, who, { kind: 'list', ...question, ...(after !== undefined && { after }) });
    if (page === undefined) return;
    entries.push(...page.entries);
    after = page.next;
    if (after === undefined) break;
  }
  const answer: ListAnswer = { ...question, askedMs, lastAskedMs, answeredMs: time.nowMs, isFinal, entries };
  trace.say(who, () => `sees ${entries.length} entries of ${questionWords(question)}`);
  around.record.list(answer);
}

async function ask(
  around: Surroundings,
  who: string,
  call: ListCall,
): Promise<Exclude<ListReply, { failed: string }> | undefined> {
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    const end = await endWithin(around, patienceMs, around.invoke('api', call));
    const reply = end.ok ? (end.result as ListReply) : { failed: end.reason };
    if (!('failed' in reply)) return reply;
    around.world.trace.say(who, () => `gets no answer about ${questionWords(call)}: ${reply.failed}`);
    await pause(around, waitMs * attempt);
  }
  return undefined;
}

/** "todo about ledger/acc-1, open" */
export function questionWords({ list, about, status }: ListQuestion): string {
  return [
    `${list}${about === undefined ? '' : ` about ${about}`}`,
    ...(status === undefined ? [] : [status]),
  ].join(', ');
}
