import type { StoredEvent, StreamName } from './commit.ts';
import type { DomainEvent } from './decider.ts';
import { isEnvelope } from './envelope.ts';
import type { EventDefinitions } from './event-definitions.ts';
import { itemPath, memberPath, personalPaths } from './personal-fields.ts';
import type { SubjectKey } from './subject-keys.ts';

type Encrypt = (path: string, value: unknown) => unknown;

/** True if an event of these definitions can have a personal field. */
export function hasPersonalFields<Event extends DomainEvent>(definitions: EventDefinitions<Event>): boolean {
  return Object.values<EventDefinitions[string]>(definitions).some(
    ({ schema }) => personalPaths(schema).length > 0,
  );
}

/**
 * New events of a stream with the envelope of each personal value in its place. A field without a value (absent or `null`) stays as it
 * is. The events are valid, see `requireValidEvents`.
 */
export function sealPersonal<Event extends DomainEvent>(
  definitions: EventDefinitions<Event>,
  events: readonly StoredEvent[],
  stream: StreamName,
  key: Pick<SubjectKey, 'encrypt'>,
): StoredEvent[] {
  const all: Readonly<Record<string, EventDefinitions[string]>> = definitions;
  return events.map((event) => {
    const schema = all[event.type]?.schema;
    if (schema === undefined) throw new TypeError(`The event type "${event.type}" has no definition.`);
    const encrypt: Encrypt = (path, value) => key.encrypt(stream, { eventId: event.id, path }, value);
    const data = personalPaths(schema).reduce<unknown>(
      (sealed, steps) => replaced(sealed, steps, '', encrypt),
      event.data,
    );
    return { ...event, data: data as object };
  });
}

/** The value with the values at the end of these steps replaced. `path`: where it is. */
function replaced(value: unknown, steps: readonly string[], path: string, encrypt: Encrypt): unknown {
  if (value === undefined || value === null || isEnvelope(value)) return value;
  const [step, ...rest] = steps;
  if (step === undefined) return encrypt(path, value);
  if (Array.isArray(value)) {
    if (step !== '[]') return value;
    return value.map((item, index) => replaced(item, rest, itemPath(path, index), encrypt));
  }
  if (typeof value !== 'object' || !Object.hasOwn(value, step)) return value;
  const field: unknown = (value as Readonly<Record<string, unknown>>)[step];
  return { ...value, [step]: replaced(field, rest, memberPath(path, step), encrypt) };
}
