import type { ListAnswer } from '../history.ts';
import type { Check, Report } from './check.ts';
import { clockFreedomMs } from './clocks.ts';
import { todoItems } from './model/todo.ts';
import { same } from './same.ts';
import type { Story } from './story.ts';
import { stateAt } from './stream-story.ts';
import { windowOf } from './windows.ts';
import { shown } from './words.ts';

/**
 * A list has each entry once, in its order. A statement has every entry that was committed before the question, and in the end each
 * list has exactly what is in it.
 */
export const listsCheck: Check = {
  name: 'lists show every entry once',
  judge: (story, report) => {
    for (const answer of story.history.lists ?? []) {
      judgeOrder(answer, report);
      if (answer.list === 'statement') judgeStatement(story, answer, report);
      else if (answer.isFinal) judgeEnd(story, answer, report);
    }
  },
};

function judgeOrder(answer: ListAnswer, report: Report): void {
  const { entries, list, about, answeredMs, isFinal } = answer;
  // A row whose deadline changes between two pages may be on both.
  if (list === 'metrics-by-deadline' && !isFinal) return;
  for (const [index, { key }] of entries.entries()) {
    const before = entries[index - 1]?.key;
    if (before === undefined || (list === 'statement' ? key < before : key > before)) continue;
    report(`${wordsOf(answer)} has ${key} after ${before}.`, answeredMs);
  }
  if (about === undefined && list === 'todo') return;
  const ids = entries.map(({ content }) => content['id'] ?? content['version']);
  if (new Set(ids).size < ids.length) report(`${wordsOf(answer)} has an entry twice.`, answeredMs);
}

/** Newest first, with each line up to what was known before the question, and none of later events than there were. */
function judgeStatement(story: Story, answer: ListAnswer, report: Report): void {
  const { about = '', askedMs, answeredMs, entries } = answer;
  const stream = story.streams.get(`ledger/${about}`);
  const { lowest } = windowOf(story, `ledger/${about}`, askedMs, askedMs);
  const { highest } = windowOf(story, `ledger/${about}`, askedMs, answeredMs);
  const lines = new Map(
    (stream?.events ?? []).flatMap((event, index) => {
      const line = event && stream?.rules.line(stream.states[index + 1], event);
      return line ? [[line.key, { ...line, version: index + 1 }] as const] : [];
    }),
  );
  for (const { key, content } of entries) {
    const line = lines.get(key);
    if (line === undefined || line.version > highest) {
      report(`${wordsOf(answer)} has ${key}, which no event made.`, answeredMs);
    } else if (!same(content, line.line)) {
      report(
        `${wordsOf(answer)} has ${key} as ${shown(content)} instead of ${shown(line.line)}.`,
        answeredMs,
      );
    }
  }
  const found = new Set(entries.map(({ key }) => key));
  for (const [key, { version }] of lines) {
    if (version > lowest || found.has(key)) continue;
    report(`${wordsOf(answer)} has no entry ${key}, which was committed before the question.`, answeredMs);
  }
}

/** Everything has drained: the list has each row or item that belongs to it. */
function judgeEnd(story: Story, answer: ListAnswer, report: Report): void {
  const { list, entries, answeredMs } = answer;
  const [certain, possible] = list === 'todo' ? todoIn(story, answer) : rowsIn(story, answer);
  const found = new Set(entries.map(({ content }) => String(content['id'])));
  for (const id of certain) if (!found.has(id)) report(`${wordsOf(answer)} lacks ${id}.`, answeredMs);
  for (const id of found) if (!possible.has(id)) report(`${wordsOf(answer)} has ${id}.`, answeredMs);
}

type Ids = readonly [certain: ReadonlySet<string>, possible: ReadonlySet<string>];

function rowsIn({ streams }: Story, { list, status, askedMs, answeredMs }: ListAnswer): Ids {
  const context = list === 'accounts' ? 'ledger' : 'metrics';
  const own = [...streams.values()].filter((stream) => stream.context === context);
  const now = { earliestMs: askedMs - clockFreedomMs, latestMs: answeredMs + clockFreedomMs };
  const statusesOf = (stream: (typeof own)[number]) =>
    stream.rules.row(stateAt(stream, stream.lastVersion), {}, now)['status'] ?? [];
  const named = (ids: readonly (typeof own)[number][]) => new Set(ids.map(({ id }) => id));
  if (status === undefined) return [named(own), named(own)];
  return [
    named(own.filter((stream) => statusesOf(stream).every((one) => one === status))),
    named(own.filter((stream) => statusesOf(stream).includes(status))),
  ];
}

function todoIn({ streams }: Story, { about, status }: ListAnswer): Ids {
  const items = [...streams.values()]
    .filter(({ name }) => about === undefined || name === about)
    .flatMap(({ name, events }) =>
      todoItems(
        name,
        events.filter((event) => event !== undefined),
      ),
    )
    .filter(({ line }) => status === undefined || line['status'] === status);
  const ids = new Set(items.map(({ line }) => String(line['id'])));
  return [ids, ids];
}

function wordsOf({ list, about, status, isFinal }: ListAnswer): string {
  const what = [about === undefined ? '' : ` of ${about}`, status === undefined ? '' : `, only ${status},`];
  return `${isFinal ? 'In the end, the' : 'The'} list ${list}${what.join('')}`;
}
