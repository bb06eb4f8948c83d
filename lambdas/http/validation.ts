import * as z from 'zod';
import { type Json, pointerToken } from './json.ts';
import { type ProblemItem, problem } from './problem.ts';

/** More would help nobody, and bounds the answer whatever the request. */
const errorsMax = 20;
/** Names a client made up are quoted back only so far. */
const nameCharsMax = 64;
/** Zod's own words for a value that no option of a union takes: they say nothing. */
const unionMessage = 'Invalid input';
const optionsMax = 3;

/**
 * An object schema that says nothing of unknown fields, optional or not, is made to refuse them. Every other schema is left
 * alone, the objects inside it too.
 */
export function strictly<Schema extends z.ZodType>(schema: Schema): Schema {
  return strictVersion(schema) as unknown as Schema;
}

function strictVersion(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional) return strictVersion(schema.unwrap() as z.ZodType).optional();
  return schema instanceof z.ZodObject && schema.def.catchall === undefined ? schema.strict() : schema;
}

/** Whether a field of the schema, however deep, is marked as personal: `.meta({ personal: true })`. */
export function takesPersonalData(schema: z.ZodType): boolean {
  const rendered = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return JSON.stringify(rendered).includes('"personal":true');
}

/** Throws `invalid-path-parameter`. */
export function parseParams(schema: z.ZodObject, params: Readonly<Record<string, string>>): unknown {
  const parsed = schema.safeParse(params);
  if (parsed.success) return parsed.data;
  const errors = itemsOf(parsed.error, parameterItem);
  throw problem('invalid-path-parameter', sentence('The path', errors), { errors });
}

/** Throws `invalid-query`, for repeated and unknown parameters too. */
export function parseQuery(schema: z.ZodObject, rawQuery: string): unknown {
  const parsed = schema.safeParse(rawQuery === '' ? {} : splitQuery(rawQuery));
  if (parsed.success) return parsed.data;
  const errors = itemsOf(parsed.error, parameterItem);
  throw problem('invalid-query', sentence('The query', errors), { errors });
}

/**
 * Throws `invalid-body`, with a JSON pointer to each of the first 20 errors. Where the schema takes personal data, names of
 * unknown fields are left out of it: they might be some.
 */
export function parseBody(schema: z.ZodType, body: Json | undefined): unknown {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const errors = itemsOf(parsed.error, bodyItem, { quotesUnknown: !takesPersonalData(schema) });
  throw problem('invalid-body', sentence('The body', errors), { errors });
}

function splitQuery(rawQuery: string): Record<string, string> {
  const query: Record<string, string> = Object.create(null);
  for (const pair of rawQuery.split('&')) {
    if (pair === '') continue;
    const cut = pair.indexOf('=');
    const name = decodeQuery(cut === -1 ? pair : pair.slice(0, cut));
    if (name in query) {
      const errors = [{ parameter: clip(name), detail: 'Given more than once.' }];
      throw problem('invalid-query', sentence('The query', errors), { errors });
    }
    query[name] = cut === -1 ? '' : decodeQuery(pair.slice(cut + 1));
  }
  return query;
}

function decodeQuery(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch (cause) {
    throw problem(
      'invalid-query',
      'The query string has a "%" that starts no valid UTF-8 escape; write it "%25".',
      {
        cause,
      },
    );
  }
}

function parameterItem(path: readonly PropertyKey[], detail: string): ProblemItem {
  return { parameter: String(path[0] ?? ''), detail };
}

function bodyItem(path: readonly PropertyKey[], detail: string): ProblemItem {
  return { pointer: path.map((key) => `/${pointerToken(clip(String(key)))}`).join(''), detail };
}

function itemsOf(
  error: z.ZodError,
  itemOf: typeof bodyItem,
  { quotesUnknown = true } = {},
): readonly ProblemItem[] {
  const items: ProblemItem[] = [];
  for (const issue of error.issues.flatMap(leaves)) {
    const unknown = itemOf === bodyItem ? 'Unknown field.' : 'Unknown parameter.';
    const found =
      issue.code === 'unrecognized_keys'
        ? (quotesUnknown ? issue.keys.slice(0, errorsMax).map((key) => [clip(key)]) : [[]]).map((name) =>
            itemOf([...issue.path, ...name], unknown),
          )
        : [itemOf(issue.path, `${issue.message}.`.replace(/\.\.$/, '.'))];
    items.push(...found.slice(0, errorsMax - items.length));
    if (items.length === errorsMax) break;
  }
  return items;
}

/**
 * A union fails with the errors of every option. Those of the option that got furthest into the value say the most; where
 * none did, what each option expected is said in one sentence, unless the union has a message of its own.
 */
function leaves(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue];
  const [furthest = [], second = []] = issue.errors.toSorted((a, b) => depthOf(b) - depthOf(a));
  if (depthOf(furthest) > depthOf(second)) {
    return furthest.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })).flatMap(leaves);
  }
  if (issue.message !== unionMessage) return [issue];
  const expected = new Set(issue.errors.flat().map(({ message }) => message));
  return [{ ...issue, message: [...expected].slice(0, optionsMax).join('; or: ') }];
}

function depthOf(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map(({ path }) => path.length));
}

/** The first error in words, and how many more `errors` holds. */
function sentence(place: string, errors: readonly ProblemItem[]): string {
  const [first, ...more] = errors;
  if (first === undefined) return `${place} is not what this route takes.`;
  const name = first.pointer ?? first.parameter ?? '';
  const where = name === '' ? place : `${place}, at "${name}"`;
  const rest = more.length > 0 ? ` ${more.length} more in "errors".` : '';
  return `${where}: ${first.detail}${rest}`;
}

function clip(name: string): string {
  const cut = name.length > nameCharsMax ? `${name.slice(0, nameCharsMax)}...` : name;
  return cut.toWellFormed();
}
