import type * as z from 'zod';
import { placeOf } from './ciphertext.ts';
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
    return Object.entries(shape).flatMap(([name, field]) => {
      if (/[.[\]]/.test(name)) throw new Error(`A field has a name with a sign of paths: "${name}".`);
      return fieldsAt(memberPath(path, name), field, isPersonal);
    });
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

/** The path of an item of a list, as an envelope names it. */
export function itemPath(list: string, index: number): string {
  return `${list}[${index}]`;
}

/** The path of a member of an object, as an envelope names it. The data of an event have the path ''. */
export function memberPath(object: string, name: string): string {
  return object === '' ? name : `${object}.${name}`;
}

/** What is known of a schema. Finding it takes longer than reading an event. */
const known = new WeakMap<z.ZodType, readonly (readonly string[])[]>();

/** The steps to each personal field of a schema: names of members, and `[]` for the items of a list. Shorter ones first. */
export function personalPaths(schema: z.ZodType): readonly (readonly string[])[] {
  const found = known.get(schema);
  if (found) return found;
  const marked = fieldsOf(schema).flatMap(({ path, isPersonal }) => (isPersonal ? [path] : []));
  const paths = [...new Set(marked)].map((path) => path.replaceAll('[]', '.[]').split('.'));
  paths.sort((one, other) => one.length - other.length);
  known.set(schema, paths);
  return paths;
}

/**
 * What is wrong with the envelopes in an event as it is stored, as a part of a sentence; undefined if nothing is. An envelope must name
 * the event and the place that it is in. It takes no key. It does not say where, because names in damaged data may be personal.
 */
export function foreignEnvelope({
  id,
  data,
}: {
  readonly id: string;
  readonly data: object;
}): string | undefined {
  // Nearly all events have no envelope, and a long stream has many events.
  return holdsEnvelope(data) ? foreignAt('', data, id) : undefined;
}

function foreignAt(path: string, value: unknown, eventId: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (isEnvelope(value)) {
    const place = isWellFormed(value) ? placeOf(value) : undefined;
    if (place === undefined) return 'a malformed envelope';
    return place.eventId === eventId && place.path === path
      ? undefined
      : 'an envelope of another event or field';
  }
  for (const [name, field] of Object.entries(value)) {
    const inner = Array.isArray(value) ? itemPath(path, Number(name)) : memberPath(path, name);
    const fault = foreignAt(inner, field, eventId);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** Like {@link foreignEnvelope}, for data of the current schema version: an envelope must be in the place of a personal field. */
export function misplacedEnvelope(schema: z.ZodType, data: object): string | undefined {
  if (!holdsEnvelope(data)) return undefined;
  return isMisplaced(data, personalPaths(schema))
    ? 'an envelope in a place that is not a personal field'
    : undefined;
}

/** `paths`: the steps that are left to the personal fields inside the value. */
function isMisplaced(value: unknown, paths: readonly (readonly string[])[]): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (isEnvelope(value)) return !paths.some((steps) => steps.length === 0);
  return Object.entries(value).some(([name, field]) => {
    const step = Array.isArray(value) ? '[]' : name;
    return isMisplaced(
      field,
      paths.flatMap(([first, ...rest]) => (first === step ? [rest] : [])),
    );
  });
}
