import type { ListOf } from '../../../../schema/contexts.ts';
import type { DomainEvent, KeyedLine, Listing, Projection, RecordedEvent } from '../../../kernel/index.ts';
import type { TodoRules, Trigger } from '../../todo-rule.ts';
import { closeItem, lineOf, openItem, type TodoItem } from './item.ts';

/** The state of the fold of one stream. All its items, open and closed, are the row's lines. */
export interface TodoRow {
  /** The types of past events that conditions with `after` need. */
  readonly seen: readonly string[];
  /** The sum of the changes; 0 for contexts without balances. */
  readonly balance: number;
  readonly open: readonly TodoItem[];
}

const emptyRow: TodoRow = { seen: [], balance: 0, open: [] };

/** How items are stored and listed, for every context. */
export const todoLists: Listing<TodoRow, TodoItem, ListOf<'todo'>> = {
  rowIds: 'streams',
  changingLines: {
    listKeys: ({ id, status, kind, openedAt }) => ({
      byOpening: `${openedAt}#${id}`,
      byStatus: `${status}#${openedAt}#${id}`,
      byKind: `${status}#${kind}#${openedAt}#${id}`,
    }),
  },
};

/** One projection for each context, from its streams to their items. All may share one read model. */
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
      project: (row = emptyRow, event) => {
        const balance = balanceAfter(own, row, event);
        const { open, lines } = itemsAfterEvent(own, { ...row, balance }, event);
        const seen = remembered.has(event.type) ? [...new Set([...row.seen, event.type])] : row.seen;
        return { row: { seen, balance, open }, lines };
      },
    };
  });
}

/** The consumer name under which malformed messages of the TODO queue are parked. */
export const todoConsumer = 'todo';

function projectionName({ category }: TodoRules): string {
  return `${todoConsumer}-${category}`;
}

/** Every consumer name under which the TODO projector parks: for malformed messages, and for the streams of each context. */
export function todoConsumers(rules: readonly TodoRules[]): readonly string[] {
  return [todoConsumer, ...rules.map(projectionName)];
}

/** The event types that conditions with `after` name. */
function rememberedTypes({ rules }: TodoRules): ReadonlySet<string | undefined> {
  return new Set(rules.flatMap(({ opened, closed }) => [...opened, ...closed].map(({ after }) => after)));
}

function balanceAfter({ balance: changes }: TodoRules, { balance }: TodoRow, { type, data }: DomainEvent) {
  const change = Object.hasOwn(changes, type) ? changes[type] : undefined;
  return change ? balance + change(data as never) : balance;
}

/** Opens and closes items. `row`: the row before the event, with the balance after it. */
function itemsAfterEvent({ category, rules }: TodoRules, row: TodoRow, event: RecordedEvent) {
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
  return { open: [...open.values()], lines };
}

function meets(row: TodoRow, event: RecordedEvent, { type, where, after, balance }: Trigger): boolean {
  return (
    type === event.type &&
    (where === undefined || where(event.data as never)) &&
    (after === undefined || row.seen.includes(after)) &&
    (balance === undefined || row.balance < 0 === (balance === 'negative'))
  );
}
