import type * as z from 'zod';
import { holdsEnvelope, isEnvelope, isWellFormed } from './envelope.ts';

/** A field of an event's data. */
export interface EventField {
  /** `name`; `patient.name` for a field of an object; `drugs[]` for the items of a list. */
  readonly path: string;
  readonly isPersonal: boolean;
}

/**
 * The fields of a schema: those marked as personal, and all others that are neither an object nor a list of objects.
 * Throws for a mark inside a schema that has no fields of a fixed name: a record, a tuple, a pipe.
 */
export function fieldsOf(schema: z.ZodType): readonly EventField[] {
  return fieldsAt('', schema as AnySchema, false);
}

/** A schema of any kind, with the parts that have a field inside. */
type AnySchema = z.ZodType & {
  readonly def: {
    readonly shape?: Readonly<Record<string, AnySchema>>;
    readonly element?: AnySchema;
    readonly innerType?: AnySchema;
    readonly options?: readonly AnySchema[];
  };
};

function fieldsAt(path: string, schema: AnySchema, isMarked: boolean): readonly EventField[] {
  const isPersonal = isMarked || schema.meta()?.['personal'] === true;
  if (isPersonal && path !== '') return [{ path, isPersonal }];
  const { shape, element, innerType, options } = schema.def;
  if (shape) {
    return Object.entries(shape).flatMap(([name, field]) =>
      fieldsAt(path === '' ? name : `${path}.${name}`, field, isPersonal),
    );
  }
  if (element) return fieldsAt(`${path}[]`, element, isPersonal);
  if (innerType) return fieldsAt(path, innerType, isPersonal);
  if (options) return options.flatMap((option) => fieldsAt(path, option, isPersonal));
  if (Object.values(schema.def).some(holdsMark)) {
    throw new Error(`A mark inside "${path}" has no effect. Mark the whole field as personal.`);
  }
  return [{ path, isPersonal }];
}

/** True for a schema, or a list of schemas, with a mark at any depth. */
function holdsMark(part: unknown): boolean {
  if (Array.isArray(part)) return part.some(holdsMark);
  if (typeof part !== 'object' || part === null || !('_zod' in part) || !('meta' in part)) return false;
  const schema = part as AnySchema;
  return schema.meta()?.['personal'] === true || Object.values(schema.def).some(holdsMark);
}

/**
 * What is wrong with the envelopes in an event's data, as a part of a sentence; undefined if nothing is. It does not say
 * where, because names in damaged data may be personal.
 */
export function envelopeFault(schema: z.ZodType, data: object): string | undefined {
  // Nearly all events have no envelope, and a long stream has many events.
  if (!holdsEnvelope(data)) return undefined;
  const places = new Set(fieldsOf(schema).flatMap(({ path, isPersonal }) => (isPersonal ? [path] : [])));
  return faultAt('', data, places);
}

function faultAt(path: string, value: unknown, places: ReadonlySet<string>): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (isEnvelope(value)) {
    if (!places.has(path)) return 'an envelope in a place that is not a personal field';
    return isWellFormed(value) ? undefined : 'a malformed envelope';
  }
  for (const [name, field] of Object.entries(value)) {
    const inner = Array.isArray(value) ? `${path}[]` : path === '' ? name : `${path}.${name}`;
    const fault = faultAt(inner, field, places);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
