import { type Commit, foldCommits, type StreamName } from '../kernel/index.ts';
import { commitAt } from '../kernel/testing/index.ts';
import type { TodoItem } from './todo/read-model/item.ts';
import { todoProjections } from './todo/read-model/projection.ts';
import type { TodoRules } from './todo-rule.ts';

/** An event in a spec of rules. Most rules use only the type. */
export type Happened = readonly [type: string, data?: object];

/** One commit for each event of the stream, one second apart. The ids are `event-1`, `event-2` and so on. */
export function commitsOf(
  stream: StreamName,
  events: readonly Happened[],
  startMs = Date.UTC(2026, 0, 2, 3, 4),
): Commit[] {
  return events.map(([type, data = {}], index) =>
    commitAt(stream, index + 1, 1, {
      committedAt: new Date(startMs + index * 1_000).toISOString(),
      events: [{ id: `event-${index + 1}`, type, schemaVersion: 1, data }],
    }),
  );
}

/** The items of a stream with these events, in the order in which they were opened. */
export function todoItems(rules: TodoRules, events: readonly Happened[]): TodoItem[] {
  const [projection] = todoProjections([rules]);
  if (projection === undefined) throw new Error('There is no projection of the rules.');
  const folded = foldCommits(projection, undefined, commitsOf(`${rules.category}/a`, events));
  return folded?.lines.map(({ line }) => line) ?? [];
}

/** Kind and status of every item of a stream with these events: `add-patient open`. */
export function itemsAfter(rules: TodoRules, ...events: readonly Happened[]): string[] {
  return todoItems(rules, events).map(({ kind, status }) => `${kind} ${status}`);
}
