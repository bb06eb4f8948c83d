import type * as z from 'zod';
import { aggregateIdPattern } from './commit.ts';

/**
 * The stored form of a personal field whose value is encrypted. It takes the place of the plain value. A fold carries it from
 * the event to the row as it is. Only answers of the API replace it, see `reveal`.
 */
export interface Envelope {
  /** The place and the ciphertext of the plain value, see `ciphertext.ts`, as base64url without padding (RFC 4648, section 5). */
  readonly enc: string;
  /** Id of the data key: 1 to 64 letters, digits, `_` or `-`. It says nothing about the person. */
  readonly key: string;
  /** The version of this form. It also stands for the way of encryption. */
  readonly v: 1;
}

/** A personal field as a fold reads it: plain, or as its envelope. Deciders return the plain value only. */
export type Personal<Plain> = Plain | Envelope;

/** A schema of plain values that is marked as personal. */
type PersonalSchema<Schema extends z.core.SomeType> = z.core.$ZodBranded<Schema, 'personal'>;

/**
 * Marks the schema of a field, in an event or in a request: its values identify a person, or may tell something about one.
 * They must not be in logs, traces, telemetry or errors, and an event may store them in an {@link Envelope}. The mark goes
 * on the field itself, inside `optional()`. The schema is unchanged otherwise.
 */
export function personal<Schema extends z.ZodType>(schema: Schema): PersonalSchema<Schema> {
  return schema.meta({ ...schema.meta(), personal: true }) as unknown as PersonalSchema<Schema>;
}

/**
 * True for an object with the member `enc`: it is an envelope, or was meant to be one. No event has a plain field of that
 * name (`requireValidEvents` refuses it), so no plain object is confused with an envelope.
 */
export function isEnvelope(value: unknown): value is Envelope {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'enc');
}

/** True for an envelope in the one form that this code knows. */
export function isWellFormed(envelope: Envelope): boolean {
  const { enc, key, v, ...others }: Readonly<Record<keyof Envelope, unknown>> = envelope;
  return (
    typeof enc === 'string' &&
    /^[\w-]+$/.test(enc) &&
    typeof key === 'string' &&
    aggregateIdPattern.test(key) &&
    v === 1 &&
    Object.keys(others).length === 0
  );
}

/** True if the value is an envelope, or has one at any depth. */
export function holdsEnvelope(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (isEnvelope(value)) return true;
  // A loop without a copy of the values: every event that is read comes through here.
  for (const name in value)
    if (holdsEnvelope((value as Readonly<Record<string, unknown>>)[name])) return true;
  return false;
}
