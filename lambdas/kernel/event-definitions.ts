import type * as z from 'zod';
import type { RecordedEvent, StoredEvent } from './commit.ts';
import type { DomainEvent } from './decider.ts';
import { holdsEnvelope, type Personal } from './envelope.ts';
import { EventSourcingError } from './errors.ts';
import { foreignEnvelope, misplacedEnvelope } from './personal-fields.ts';

/** A type of plain data with every property and array read-only, at every depth. */
export type Immutable<T> = T extends readonly (infer Item)[]
  ? readonly Immutable<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Immutable<T[Key]> }
    : T;

/** {@link Immutable} data of events: a field marked by `personal` is plain or in its envelope. */
type EventData<T> =
  T extends z.core.$brand<'personal'>
    ? T extends infer Plain & z.core.$brand<'personal'>
      ? Personal<Immutable<Plain>>
      : never
    : T extends readonly (infer Item)[]
      ? readonly EventData<Item>[]
      : T extends object
        ? { readonly [Key in keyof T]: EventData<T[Key]> }
        : T;

/**
 * Converts data of schema version `from` to the next version. Pure. A personal field may be in its envelope: move it as it
 * is, and do not look into it.
 */
export interface Upcaster {
  readonly from: number;
  readonly upcast: (data: object) => object;
}

/**
 * Converts data of the newer schema version `from` to the version before it. Pure, and like {@link Upcaster} with personal fields. What
 * the older version has no field for is left out.
 */
export interface Downcaster {
  readonly from: number;
  readonly downcast: (data: object) => object;
}

/** One event type: the schema of its data, and how to read the data of other versions. */
export interface EventDefinition<Data extends object = object> {
  /**
   * The schema of new events. A command fails if its events do not match. Personal fields are marked by `personal`, and
   * no field has the name `enc`.
   */
  readonly schema: z.ZodType<Data>;
  /** One for each older version, oldest first. The current version is their number plus one. Default: none. */
  readonly upcasters?: readonly Upcaster[];
  /**
   * One for each newer version that this code reads and does not write, oldest first. For the release before the one that writes it: then
   * the two can run together. Default: none, newer data is unreadable.
   */
  readonly downcasters?: readonly Downcaster[];
}

/** The definition of every event type of one context. */
export type EventDefinitions<Event extends DomainEvent = DomainEvent> = {
  readonly [Type in Event['type']]: EventDefinition<Extract<Event, { readonly type: Type }>['data']>;
};

/** The union of the events that the definitions describe. */
export type EventOf<Definitions> = {
  [Type in keyof Definitions & string]: Definitions[Type] extends { readonly schema: z.ZodType<infer Data> }
    ? { readonly type: Type; readonly data: EventData<Data> }
    : never;
}[keyof Definitions & string];

/** Checks the definitions of a context and returns them. Throws if upcasters or downcasters are missing or out of order. */
export function defineEvents<
  const Definitions extends Readonly<
    Record<string, { readonly schema: z.ZodType<object> } & EventDefinition>
  >,
>(definitions: Definitions): Definitions {
  for (const [type, { upcasters = [], downcasters = [] }] of Object.entries(definitions)) {
    requireOrder(type, { what: 'upcaster', of: 'older', first: 1 }, upcasters);
    requireOrder(type, { what: 'downcaster', of: 'newer', first: upcasters.length + 2 }, downcasters);
  }
  return definitions;
}

function requireOrder(
  type: string,
  { what, of, first }: { readonly what: string; readonly of: string; readonly first: number },
  casters: readonly { readonly from: number }[],
): void {
  for (const [index, { from }] of casters.entries()) {
    if (from === first + index) continue;
    throw new Error(
      `${type}: ${what} ${index + 1} of ${casters.length} is from version ${from}, not ${first + index}. ` +
        `List one ${what} for each ${of} version, oldest first.`,
    );
  }
}

/** The schema version of new events of this type. */
export function currentSchemaVersion(events: EventDefinitions, type: string): number {
  return (definitionOf(events, type)?.upcasters?.length ?? 0) + 1;
}

/**
 * Throws `TypeError` if new events do not match the schema of their type, or have an envelope: their data is plain. The fault
 * is the decider's, not the caller's.
 */
export function requireValidEvents(events: EventDefinitions, decided: readonly DomainEvent[]): void {
  for (const { type, data } of decided) {
    const definition = definitionOf(events, type);
    if (definition === undefined) {
      throw new TypeError(`The event type "${type}" has no definition. Add it to the context's events.`);
    }
    if (holdsEnvelope(data)) {
      throw new TypeError(
        `The data of a new "${type}" has an envelope or a field "enc". New events are plain.`,
      );
    }
    const parsed = definition.schema.safeParse(data);
    if (parsed.success) continue;
    // Only paths: the data may be personal.
    const paths = parsed.error.issues.map(({ path }) => path.join('.') || '(data)');
    throw new TypeError(`The data of a new "${type}" does not match its schema at: ${paths.join(', ')}.`);
  }
}

/**
 * A stored event with data of the current schema version. Throws `unreadable-event` if its type or schema version is
 * unknown, because a fold without the event would be wrong, and for an envelope that is malformed, of another event or field, or
 * not in the place of a personal field. It takes no key. Other data of the current version is not validated again.
 */
export function readEvent<Event extends DomainEvent, Stored extends StoredEvent>(
  events: EventDefinitions<Event>,
  stream: string,
  event: Stored,
): Stored & Event {
  const definition = definitionOf(events, event.type);
  if (definition === undefined) {
    throw new EventSourcingError('unreadable-event', stream, `Unknown event type "${event.type}".`);
  }
  requireOwnEnvelopes(stream, event);
  const current = currentData(definition, stream, event);
  requireNoFault(stream, event, misplacedEnvelope(definition.schema, current));
  if (current === event.data) return event as Stored & Event;
  return { ...event, data: current, schemaVersion: currentSchemaVersion(events, event.type) } as Stored &
    Event;
}

/**
 * Throws `unreadable-event` if the event as it is stored has an envelope that is malformed, or was encrypted for another event or field.
 * Decrypting cannot see that: a ciphertext names its own place. {@link readEvent} does it for every event.
 */
export function requireOwnEnvelopes(stream: string, event: StoredEvent): void {
  requireNoFault(stream, event, foreignEnvelope(event));
}

function requireNoFault(stream: string, { type }: StoredEvent, fault: string | undefined): void {
  if (fault === undefined) return;
  throw new EventSourcingError('unreadable-event', stream, `"${type}" has ${fault}.`);
}

/** The data in the shape of the current schema version. The same object if it already has that version. */
function currentData(
  { upcasters = [], downcasters = [] }: EventDefinition,
  stream: string,
  event: StoredEvent,
): object {
  const current = upcasters.length + 1;
  if (event.schemaVersion === current) return event.data;
  const newest = current + downcasters.length;
  const isKnown = event.schemaVersion >= 1 && event.schemaVersion <= newest;
  if (!(isKnown && Number.isInteger(event.schemaVersion))) {
    throw new EventSourcingError(
      'unreadable-event',
      stream,
      `"${event.type}" has schema version ${event.schemaVersion}; this code reads 1 to ${newest}.`,
    );
  }
  if (event.schemaVersion > current) {
    const newer = downcasters.slice(0, event.schemaVersion - current);
    return newer.reduceRight((data, { downcast }) => downcast(data), event.data);
  }
  return upcasters.slice(event.schemaVersion - 1).reduce((older, { upcast }) => upcast(older), event.data);
}

/** Like {@link readEvent}, but returns events of undefined types unchanged. For folds that use only some types. */
export function readKnownEvent<Event extends DomainEvent>(
  events: EventDefinitions<Event>,
  stream: string,
  event: RecordedEvent,
): RecordedEvent & Event {
  return definitionOf(events, event.type)
    ? readEvent(events, stream, event)
    : (event as RecordedEvent & Event);
}

function definitionOf(events: EventDefinitions<never>, type: string): EventDefinition | undefined {
  const all: Readonly<Record<string, EventDefinition>> = events;
  return Object.hasOwn(all, type) ? all[type] : undefined;
}
