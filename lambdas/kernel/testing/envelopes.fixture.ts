import * as z from 'zod';
import type { StoredEvent, StreamName } from '../commit.ts';
import type { DomainEvent } from '../decider.ts';
import type { Envelope } from '../envelope.ts';
import { currentSchemaVersion, type EventDefinitions } from '../event-definitions.ts';
import { DataKey, dataKeyBytes } from '../privacy/index.ts';
import { sealPersonal } from '../seal-personal.ts';

/** The key of {@link envelopeOf}: the same for all streams. */
export const fixedKey = new DataKey('0b5a8a52-30f4-4f6e-9f38-1c2d9a4f7e61', Buffer.alloc(dataKeyBytes, 7));

/** Where an envelope is. */
export interface EnvelopePlace {
  readonly stream: string;
  /** Default: `recorded`. */
  readonly eventId?: string;
  /** Such as `drugs[0]`. */
  readonly path: string;
}

/** A real envelope of a value, under {@link fixedKey}. The same for the same place and value. */
export function envelopeOf({ stream, eventId = 'recorded', path }: EnvelopePlace, value: unknown): Envelope {
  return fixedKey.encrypt(stream, { eventId, path }, value);
}

/** The event with its personal values in envelopes under {@link fixedKey}, if it has the current schema version. */
export function withEnvelopes<Event extends DomainEvent>(
  events: EventDefinitions<Event>,
  stream: StreamName,
  event: StoredEvent,
): StoredEvent {
  if (event.schemaVersion !== currentSchemaVersion(events, event.type)) return event;
  return sealPersonal(events, [event], stream, fixedKey)[0] ?? event;
}

/** The same events without marks: a command handler stores them plain, as the release before did. */
export function withoutMarks<Definitions extends EventDefinitions<never>>(
  definitions: Definitions,
): Definitions {
  const plain = Object.entries<EventDefinitions[string]>(definitions).map(([type, { schema, ...others }]) => {
    const isValid = (data: object) => schema.safeParse(data).success;
    return [type, { ...others, schema: z.looseObject({}).refine(isValid) }] as const;
  });
  return Object.fromEntries(plain) as unknown as Definitions;
}
