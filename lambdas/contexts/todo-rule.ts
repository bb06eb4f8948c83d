import type { DomainEvent, EventDefinitions } from '../kernel/index.ts';

/** The sign of a stream's balance after an event. */
type Sign = 'negative' | 'not-negative';

/** An event that opens or closes an item if all conditions are met. */
export interface Trigger {
  readonly type: string;
  /** Condition on the event's data. */
  readonly where?: (data: never) => boolean;
  /** Condition: an earlier event of the stream, not this event itself, has this type. */
  readonly after?: string;
  /** Condition on the balance of the stream after this event. */
  readonly balance?: Sign;
}

/**
 * The events that open and close items of one kind. A stream has at most one open item of a kind: an event that would open
 * a second one is ignored.
 */
export interface TodoRule {
  /** Lower-case letters and "-". Unique among all contexts. */
  readonly kind: string;
  readonly doneBy: 'person' | 'automation';
  readonly opened: readonly Trigger[];
  readonly closed: readonly Trigger[];
}

/** The TODO rules of one context. */
export interface TodoRules {
  /** The category of the streams. */
  readonly category: string;
  readonly events: EventDefinitions;
  readonly rules: readonly TodoRule[];
  /** By event type: the change of the stream's balance. A balance starts at 0. */
  readonly balance: Readonly<Record<string, (data: never) => number>>;
}

type DataOf<Event extends DomainEvent, Type> = Extract<Event, { readonly type: Type }>['data'];

/** A trigger as a context declares it: only a type, or a type with conditions. */
type DeclaredTrigger<Event extends DomainEvent> =
  | Event['type']
  | {
      [Type in Event['type']]: {
        readonly type: Type;
        readonly where?: (data: DataOf<Event, Type>) => boolean;
        readonly after?: Event['type'];
        readonly balance?: Sign;
      };
    }[Event['type']];

interface DeclaredRule<Event extends DomainEvent> extends Pick<TodoRule, 'kind' | 'doneBy'> {
  readonly opened: readonly DeclaredTrigger<Event>[];
  readonly closed: readonly DeclaredTrigger<Event>[];
}

interface DeclaredRules<Event extends DomainEvent> extends Pick<TodoRules, 'category'> {
  readonly events: EventDefinitions<Event>;
  readonly rules: readonly DeclaredRule<Event>[];
  /** Default: no event changes the balance. */
  readonly balance?: { readonly [Type in Event['type']]?: (data: DataOf<Event, Type>) => number };
}

/**
 * Declares the TODO rules of a context. An event type that is not in `Event` is a compile error. Throws for a kind that is
 * not lower-case letters and "-".
 */
export function defineTodoRules<Event extends DomainEvent>(declared: DeclaredRules<Event>): TodoRules {
  const { category, events, rules, balance = {} } = declared;
  return {
    category,
    events,
    balance: balance as TodoRules['balance'],
    rules: rules.map(({ kind, doneBy, opened, closed }) => {
      if (!/^[a-z]+(-[a-z]+)*$/.test(kind)) {
        throw new Error(`TODO rules of ${category}: the kind "${kind}" is not lower-case letters and "-".`);
      }
      return { kind, doneBy, opened: opened.map(trigger), closed: closed.map(trigger) };
    }),
  };
}

function trigger(declared: string | Trigger): Trigger {
  return typeof declared === 'string' ? { type: declared } : declared;
}

/** Returns the rules unchanged. Throws if two contexts use the same kind. */
export function distinctTodoRules(rules: readonly TodoRules[]): readonly TodoRules[] {
  const owners = new Map<string, string>();
  for (const { category, kind } of kindsOf(rules)) {
    const owner = owners.get(kind);
    if (owner !== undefined) throw new Error(`TODO kind "${kind}" is used by both ${owner} and ${category}.`);
    owners.set(kind, category);
  }
  return rules;
}

/** Every kind of item, with its category. */
export function kindsOf(rules: readonly TodoRules[]) {
  return rules.flatMap(({ category, rules: own }) => own.map(({ kind }) => ({ category, kind })));
}

/** The event types that the rules use. A commit without any of them changes no item. */
export function todoEventTypes(rules: readonly TodoRules[]): ReadonlySet<string> {
  return new Set(
    rules.flatMap(({ rules: own, balance }) => [
      ...Object.keys(balance),
      ...own.flatMap(({ opened, closed }) => [...opened, ...closed].map(({ type }) => type)),
    ]),
  );
}
