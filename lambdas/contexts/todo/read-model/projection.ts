import type { ListOf } from '../../../../schema/contexts.ts';
import type { DomainEvent, KeyedLine, Listing, Projection, RecordedEvent } from '../../../kernel/index.ts';
import type { TodoRules, Trigger } from '../../todo-rule.ts';
import { closeItem, lineOf, openItem, type TodoItem } from './item.ts';

/** What the fold knows of one stream; its items, open and closed, are the row's lines. */
export interface TodoRow {
  /** The event types that conditions ask for and that have happened. */
  readonly seen: readonly string[];
  /** The sum of what the events added; 0 for contexts without balances. */
  readonly balance: number;
  readonly open: readonly TodoItem[];
}

const nothing: TodoRow = { seen: [], balance: 0, open: [] };

/** How items are stored and listed, for every context. */
export const todoLists: Listing<TodoRow, TodoItem, ListOf<'todo'>> = {
  changingLines: {
    listKeys: ({ id, status, kind, openedAt }) => ({
      byOpening: `${openedAt}#${id}`,
      byStatus: `${status}#${openedAt}#${id}`,
      byKind: `${status}#${kind}#${openedAt}#${id}`,
    }),
  },
};

/** One projection for each context: from its streams to their items. All of them may share one read model. */
export function todoProjections(
  rules: readonly TodoRules[],
): readonly Projection<DomainEvent, TodoRow, TodoItem, ListOf<'todo'>>[] {
  return rules.map((own) => {
    const remembered = rememberedTypes(own);
    return {
      ...todoLists,
      name: projectionName(own),
      category: own.category,
      events: own.events,
      unknownEvents: 'passed-on',
      project: (row = nothing, event) => {
        const seen = remembered.has(event.type) ? [...new Set([...row.seen, event.type])] : row.seen;
        return project(own, { ...row, seen, balance: balanceAfter(own, row, event) }, event);
      },
    };
  });
}

/** Parks the messages of the TODO queue that are malformed. */
export const todoConsumer = 'todo';

function projectionName({ category }: TodoRules): string {
  return `${todoConsumer}-${category}`;
}

/** Every name under which the TODO projector parks: malformed messages, and the streams of each context. */
export function todoConsumers(rules: readonly TodoRules[]): readonly string[] {
  return [todoConsumer, ...rules.map(projectionName)];
}

/** The event types that some condition asks for as earlier events. */
function rememberedTypes({ rules }: TodoRules): ReadonlySet<string | undefined> {
  return new Set(rules.flatMap(({ opened, closed }) => [...opened, ...closed].map(({ after }) => after)));
}

function balanceAfter({ balance: changes }: TodoRules, { balance }: TodoRow, { type, data }: DomainEvent) {
  const change = Object.hasOwn(changes, type) ? changes[type] : undefined;
  return change ? balance + change(data as never) : balance;
}

/** Opens and closes items by an event. `row`: as it is after the event, but for its items. */
function project({ category, rules }: TodoRules, row: TodoRow, event: RecordedEvent) {
  const open = new Map(row.open.map((item) => [item.kind, item]));
  const lines: KeyedLine<TodoItem>[] = [];
  const isMet = (trigger: Trigger) => meets(row, event, trigger);
  for (const rule of rules) {
    const item = open.get(rule.kind);
    if (item !== undefined && rule.closed.some(isMet)) {
      open.delete(rule.kind);
      lines.push(lineOf(closeItem(item, event)));
    } else if (item === undefined && rule.opened.some(isMet)) {
      const opened = openItem(category, rule, event);
      open.set(rule.kind, opened);
      lines.push(lineOf(opened));
    }
  }
  return { row: { ...row, open: [...open.values()] }, lines };
}

function meets(row: TodoRow, event: RecordedEvent, { type, where, after, balance }: Trigger): boolean {
  return (
    type === event.type &&
    (where === undefined || where(event.data as never)) &&
    (after === undefined || row.seen.includes(after)) &&
    (balance === undefined || row.balance < 0 === (balance === 'negative'))
  );
}
