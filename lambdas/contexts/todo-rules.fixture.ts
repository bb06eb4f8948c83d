import { type Commit, foldCommits, type StreamName } from '../kernel/index.ts';
import { commitAt } from '../kernel/testing/index.ts';
import type { TodoItem } from './todo/read-model/item.ts';
import { todoProjections } from './todo/read-model/projection.ts';
import type { TodoRules } from './todo-rule.ts';

/** An event in a spec of rules. Most rules use only the type. Default: the first schema version. */
export type Happened = readonly [type: string, data?: object, schemaVersion?: number];

/** One commit for each event of the stream, one second apart. The ids are `event-1`, `event-2` and so on. */
export function commitsOf(
  stream: StreamName,
  events: readonly Happened[],
  startMs = Date.UTC(2026, 0, 2, 3, 4),
): Commit[] {
  return events.map(([type, data = {}, schemaVersion = 1], index) =>
    commitAt(stream, index + 1, 1, {
      committedAt: new Date(startMs + index * 1_000).toISOString(),
      events: [{ id: `event-${index + 1}`, type, schemaVersion, data }],
    }),
  );
}

/** The items of a stream with these events, in the order in which they were opened. */
export function todoItems(rules: TodoRules, events: readonly Happened[]): TodoItem[] {
  return todoItemsOf(rules, commitsOf(`${rules.category}/a`, events));
}

/** The items of a stream with these commits, in the order in which they were opened. */
export function todoItemsOf(rules: TodoRules, commits: readonly Commit[]): TodoItem[] {
  const [projection] = todoProjections([rules]);
  if (projection === undefined) throw new Error('There is no projection of the rules.');
  const folded = foldCommits(projection, undefined, commits);
  return folded?.lines.map(({ line }) => line) ?? [];
}

/** Kind and status of every item of a stream with these events: `add-patient open`. */
export function itemsAfter(rules: TodoRules, ...events: readonly Happened[]): string[] {
  return todoItems(rules, events).map(({ kind, status }) => `${kind} ${status}`);
}

/** What an event does to items of a kind. `-`: nothing. */
type Cell = '-' | 'opens' | 'closes' | 'opens and closes' | 'closes sometimes';

/** By kind of item, then by name of event: what the event does. */
type DecisionTable = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * What each event does to each kind of item, found by adding it to each history. It opens an item if it does so after any of
 * them, and closes one if it does so after all with an open item. Throws if an event type of the context is not among the
 * events, or if a kind is open after no history or after all: then the table would say nothing about it.
 */
export function decisionsOf(
  rules: TodoRules,
  events: Readonly<Record<string, Happened>>,
  histories: readonly (readonly Happened[])[],
): DecisionTable {
  const types = new Set(Object.values(events).map(([type]) => type));
  const missing = Object.keys(rules.events).filter((type) => !types.has(type));
  if (missing.length > 0) throw new Error(`The table has no decision for ${missing.join(', ')}.`);
  return Object.fromEntries(
    rules.rules.map(({ kind }) => {
      const isOpen = (history: readonly Happened[]) => itemsAfter(rules, ...history).includes(`${kind} open`);
      const [open, notOpen] = [histories.filter(isOpen), histories.filter((history) => !isOpen(history))];
      if (open.length === 0 || notOpen.length === 0) throw new Error(`The histories do not try ${kind}.`);
      const cells = Object.entries(events).map(([name, event]) => {
        const opens = notOpen.some((history) => isOpen([...history, event]));
        const closing = open.filter((history) => !isOpen([...history, event])).length;
        return [name, cellOf(opens, closing, open.length)] as const;
      });
      return [kind, Object.fromEntries(cells)];
    }),
  );
}

function cellOf(opens: boolean, closing: number, tried: number): Cell {
  if (closing > 0 && closing < tried) return 'closes sometimes';
  if (closing > 0) return opens ? 'opens and closes' : 'closes';
  return opens ? 'opens' : '-';
}

/** Reads a table: the first line names the events, each other line begins with a kind. */
export function readTable(text: string): DecisionTable {
  const [[, ...names] = [], ...lines] = text
    .trimEnd()
    .split('\n')
    .filter((line) => line.includes('|'))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  return Object.fromEntries(
    lines.map(([kind = '', ...cells]) => [
      kind,
      Object.fromEntries(names.map((name, index) => [name, cells[index] ?? 'missing'])),
    ]),
  );
}
