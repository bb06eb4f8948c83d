import type { StoredEvent } from './commit.ts';
import { EventSourcingError } from './errors.ts';

/** Turns the data of one schema version into that of the next. Pure. */
export type Upcaster = (data: object) => object;

/**
 * The history of an event type's shape: `upcasters[0]` lifts version 1 to 2, and so on.
 * The current version is therefore the number of upcasters plus one.
 */
export type EventSchemas = Readonly<Record<string, readonly Upcaster[]>>;

/** The schema version that new events of this type are written with. */
export function currentSchemaVersion(schemas: EventSchemas, type: string): number {
  return (schemas[type]?.length ?? 0) + 1;
}

/**
 * Brings a stored event to its type's current shape. Throws `unreadable-event` for a type that the context does not
 * know and for a schema newer than this code, since folding without it would be wrong.
 */
export function upcast<Event extends StoredEvent>(
  schemas: EventSchemas,
  stream: string,
  event: Event,
): Event {
  const upcasters = Object.hasOwn(schemas, event.type) ? schemas[event.type] : undefined;
  if (upcasters === undefined) {
    throw new EventSourcingError(
      'unreadable-event',
      stream,
      `Nothing here knows the event type "${event.type}".`,
    );
  }
  const current = upcasters.length + 1;
  if (event.schemaVersion === current) return event;
  if (!(event.schemaVersion >= 1 && event.schemaVersion < current)) {
    throw new EventSourcingError(
      'unreadable-event',
      stream,
      `"${event.type}" has schema version ${event.schemaVersion}; this code reads 1 to ${current}.`,
    );
  }
  const data = upcasters.slice(event.schemaVersion - 1).reduce((older, lift) => lift(older), event.data);
  return { ...event, data, schemaVersion: current };
}

/** As {@link upcast}, but hands on events of types that `schemas` does not know: for folds that only look out for some. */
export function upcastKnown<Event extends StoredEvent>(
  schemas: EventSchemas,
  stream: string,
  event: Event,
): Event {
  return Object.hasOwn(schemas, event.type) ? upcast(schemas, stream, event) : event;
}
