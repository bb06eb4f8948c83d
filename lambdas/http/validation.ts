import * as z from 'zod';
import { clip, type Json } from './json.ts';
import { type HttpProblem, problem } from './problem.ts';
import { bodyErrors, parameterErrors, sentenceOf } from './schema-errors.ts';

/**
 * The schema, refusing unknown fields if it is an object schema, optional or not, that does not define how to treat them.
 * Other schemas, and objects inside a schema, do not change.
 */
export function strictly<Schema extends z.ZodType>(schema: Schema): Schema {
  return strictVersion(schema) as unknown as Schema;
}

function strictVersion(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional) return strictVersion(schema.unwrap() as z.ZodType).optional();
  return schema instanceof z.ZodObject && schema.def.catchall === undefined ? schema.strict() : schema;
}

/** Whether any field of the schema, at any depth, is marked by `personal` of the kernel. */
export function takesPersonalData(schema: z.ZodType): boolean {
  const rendered = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return JSON.stringify(rendered).includes('"personal":true');
}

/** The names of the schema's fields, at any depth. */
export function fieldNames(schema: z.ZodType): ReadonlySet<string> {
  const names = new Set<string>();
  const collect = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const { properties } = node as { properties?: unknown };
    for (const name of Object.keys(typeof properties === 'object' && properties !== null ? properties : {})) {
      names.add(name);
    }
    Object.values(node).forEach(collect);
  };
  collect(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
  return names;
}

/** Parses path parameters. Throws the problem of the route, or `invalid-path-parameter`. */
export function parseParams(
  schema: z.ZodObject,
  params: Readonly<Record<string, string>>,
  invalidParams?: () => HttpProblem,
): unknown {
  const parsed = schema.safeParse(params);
  if (parsed.success) return parsed.data;
  if (invalidParams) throw invalidParams();
  const errors = parameterErrors(parsed.error);
  throw problem('invalid-path-parameter', sentenceOf('The path', errors), { errors });
}

/** Parses a query string. Throws `invalid-query`, also for repeated and unknown parameters. */
export function parseQuery(schema: z.ZodObject, rawQuery: string): unknown {
  const parsed = schema.safeParse(rawQuery === '' ? {} : splitQuery(rawQuery));
  if (parsed.success) return parsed.data;
  const errors = parameterErrors(parsed.error);
  throw problem('invalid-query', sentenceOf('The query', errors), { errors });
}

/**
 * Parses a body. Throws `invalid-body`, with a JSON pointer to each of the first 20 errors. If the schema has personal data,
 * the problem omits the names of unknown fields, because they may be personal data too.
 */
export function parseBody(schema: z.ZodType, body: Json | undefined): unknown {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const errors = bodyErrors(parsed.error, !takesPersonalData(schema));
  throw problem('invalid-body', sentenceOf('The body', errors), { errors });
}

function splitQuery(rawQuery: string): Record<string, string> {
  const query: Record<string, string> = Object.create(null);
  for (const pair of rawQuery.split('&')) {
    if (pair === '') continue;
    const cut = pair.indexOf('=');
    const name = decodeQuery(cut === -1 ? pair : pair.slice(0, cut));
    if (name in query) {
      const errors = [{ parameter: clip(name), detail: 'Duplicate parameter.' }];
      throw problem('invalid-query', sentenceOf('The query', errors), { errors });
    }
    query[name] = cut === -1 ? '' : decodeQuery(pair.slice(cut + 1));
  }
  return query;
}

function decodeQuery(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch (cause) {
    const detail = 'The query string has a "%" that does not begin a valid UTF-8 escape. Write it as "%25".';
    throw problem('invalid-query', detail, { cause });
  }
}
