import type { ListOf } from '../../../../schema/contexts.ts';
import type {
  DomainEvent,
  EventDefinitions,
  KeyedLine,
  Listing,
  Projection,
  RecordedEvent,
} from '../../../kernel/index.ts';
import type { Condition, TodoRule, Trigger } from '../rule.ts';
import { balanceEffects, todoContexts, todoRules } from '../rules.ts';
import { closeItem, lineOf, openItem, type TodoItem } from './item.ts';

/** What the fold knows of one stream; its items, open and closed, are the row's lines. */
export interface TodoRow {
  /** The event types that conditions ask for and that have come. */
  readonly seen: readonly string[];
  /** In minor units; 0 where events move no money. */
  readonly balance: number;
  readonly open: readonly TodoItem[];
}

const nothing: TodoRow = { seen: [], balance: 0, open: [] };

/** The event types whose coming is remembered. */
const rememberedTypes: ReadonlySet<string> = new Set(
  todoRules
    .flatMap(({ opened, closed }) => [...opened, ...closed])
    .flatMap(({ condition }) => (condition && 'after' in condition ? [condition.after] : [])),
);

/** How items are stored and listed, whatever context they are from. */
export const todoLists: Listing<TodoRow, TodoItem, ListOf<'todo'>> = {
  changingLines: {
    listKeys: ({ id, status, kind, openedAt }) => ({
      byOpening: `${openedAt}#${id}`,
      byStatus: `${status}#${openedAt}#${id}`,
      byKind: `${status}#${kind}#${openedAt}#${id}`,
    }),
  },
};

/**
 * The projection of each context's streams to their items, all of which may share one read model.
 * `events`: the definitions by context, for older shapes of events. Throws where a context of the rules has none.
 */
export function todoProjections(
  events: Readonly<Record<string, EventDefinitions>>,
): readonly Projection<DomainEvent, TodoRow, TodoItem, ListOf<'todo'>>[] {
  return todoContexts.map((category) => {
    const known = events[category];
    if (known === undefined) throw new Error(`The TODO rules want the events of ${category}.`);
    const rules = todoRules.filter(({ context }) => context === category);
    return {
      ...todoLists,
      name: projectionName(category),
      category,
      events: known,
      unknownEvents: 'passed-on',
      project: (row = nothing, event) => project(rules, row, event),
    };
  });
}

/** Parks the messages of the TODO queue that are malformed. */
export const todoConsumer = 'todo';

function projectionName(category: string): string {
  return `${todoConsumer}-${category}`;
}

/** Every name under which the TODO projector parks: malformed messages, and the streams of each context. */
export const todoConsumers: readonly string[] = [todoConsumer, ...todoContexts.map(projectionName)];

function project(rules: readonly TodoRule[], before: TodoRow, event: RecordedEvent) {
  const row = { ...before, seen: seenWith(before.seen, event.type), balance: balanceAfter(before, event) };
  const open = new Map(before.open.map((item) => [item.kind, item]));
  const lines: KeyedLine<TodoItem>[] = [];
  for (const rule of rules) {
    const item = open.get(rule.kind);
    if (item !== undefined && rule.closed.some((trigger) => isMet(trigger, row, event))) {
      open.delete(rule.kind);
      lines.push(lineOf(closeItem(item, event)));
    } else if (item === undefined && rule.opened.some((trigger) => isMet(trigger, row, event))) {
      const opened = openItem(rule, event);
      open.set(rule.kind, opened);
      lines.push(lineOf(opened));
    }
  }
  return { row: { ...row, open: [...open.values()] }, lines };
}

function isMet({ type, condition }: Trigger, row: TodoRow, event: RecordedEvent): boolean {
  return type === event.type && (condition === undefined || holds(condition, row, event));
}

function holds(condition: Condition, row: TodoRow, event: RecordedEvent): boolean {
  if ('after' in condition) return row.seen.includes(condition.after);
  if ('overdrawn' in condition) return row.balance < 0 === condition.overdrawn;
  return numberIn(event, condition.field) < condition.below;
}

function seenWith(seen: readonly string[], type: string): readonly string[] {
  return rememberedTypes.has(type) && !seen.includes(type) ? [...seen, type] : seen;
}

function balanceAfter({ balance }: TodoRow, event: RecordedEvent): number {
  const effect = Object.hasOwn(balanceEffects, event.type) ? balanceEffects[event.type] : undefined;
  if (effect === undefined) return balance;
  return balance + (effect === 'adds' ? 1 : -1) * numberIn(event, 'amount');
}

/** Other contexts' data is not known here: what a rule reads of it is checked. */
function numberIn({ type, data }: RecordedEvent, field: string): number {
  const value = (data as Readonly<Record<string, unknown>>)[field];
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new Error(`${type} has no number in "${field}".`);
}
