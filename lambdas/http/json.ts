import { findDuplicateKey } from './duplicate-key.ts';
import { fewerDigits, inexactReason, isExactNumber } from './exact-number.ts';
import { problem } from './problem.ts';

/** A JSON value as parsed. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Deeper documents are refused: recursion over them could use up the stack. */
const depthMax = 32;
/** Names that a client sent are quoted up to this length. */
const nameCharsMax = 64;

/** The third argument of a `JSON.parse` reviver. `source`: the text of a literal; absent for objects and arrays. */
interface ReviverContext {
  readonly source?: string;
}

/** Replaces a literal that a double would change. */
class InexactNumber {
  readonly source: string;
  constructor(source: string) {
    this.source = source;
  }
}

/** What a problem may quote from a body. */
export interface Quotable {
  /** Whether the body may have personal data. If true, problems quote no values. Called only before quoting. */
  readonly isPersonal?: () => boolean;
  /** Whether the route's schema has a field with this name. From a personal body, problems quote only these names. */
  readonly isFieldName?: (name: string) => boolean;
}

/**
 * Parses JSON. Refuses numbers that a double would change, duplicate keys in an object, and nesting deeper than 32 levels.
 * Throws `HttpProblem` (400), which quotes only what is quotable.
 */
export function parseJson(text: string, quotable: Quotable = {}): Json {
  requireShallow(text);
  let inexact = false;
  const keepExact = (_key: string, value: unknown, context?: ReviverContext): unknown => {
    if (typeof value !== 'number' || context?.source === undefined || isExactNumber(context.source))
      return value;
    inexact = true;
    return new InexactNumber(context.source);
  };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text, keepExact);
  } catch (cause) {
    throw problem('invalid-json', 'The body is not valid JSON. Check quotes, commas and brackets.', {
      cause,
    });
  }
  const duplicate = findDuplicateKey(text);
  if (duplicate) throw duplicateKey(duplicate, quotable);
  if (inexact) throw quotable.isPersonal?.() ? someInexactNumber() : inexactNumber(parsed);
  return parsed as Json;
}

/** The pointer ends before the first name that must not be quoted: a name of an unknown field may be personal data. */
function duplicateKey(path: readonly (string | number)[], { isPersonal, isFieldName }: Quotable) {
  const isQuotable = (token: string | number) =>
    typeof token === 'number' || !isPersonal?.() || isFieldName?.(token) === true;
  const hidden = path.findIndex((token) => !isQuotable(token));
  const shown = hidden === -1 ? path : path.slice(0, hidden);
  const pointer = shown.map((token) => `/${pointerToken(clip(String(token)))}`).join('');
  const where = hidden === -1 ? `has the key "${pointer}" twice` : 'has an unknown key twice';
  return problem('duplicate-key', `The body ${where}. Send each key of an object once.`, {
    errors: [{ pointer, detail: hidden === -1 ? 'Duplicate key.' : 'Duplicate unknown key.' }],
  });
}

function inexactNumber(root: unknown) {
  const { pointer, source } = findInexact(root, '') ?? { pointer: '', source: '' };
  const literal = source.length > 40 ? `${source.slice(0, 40)}...` : source;
  const advice = `${fewerDigits}, or as a string if the field accepts one.`;
  const detail = `${inexactReason(`the number ${literal}`)} ${advice}`;
  return problem('inexact-number', detail, {
    errors: [{ pointer, detail: `${inexactReason('this number')} ${advice}` }],
  });
}

function someInexactNumber() {
  const detail = `${inexactReason('a number of the body')} ${fewerDigits}, or as a string if the field accepts one.`;
  return problem('inexact-number', detail);
}

function findInexact(value: unknown, pointer: string): { pointer: string; source: string } | undefined {
  if (value instanceof InexactNumber) return { pointer, source: value.source };
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, child] of Object.entries(value)) {
    const found = findInexact(child, `${pointer}/${pointerToken(key)}`);
    if (found) return found;
  }
  return undefined;
}

/** A name that a client sent, cut to 64 characters. */
export function clip(name: string): string {
  const cut = name.length > nameCharsMax ? `${name.slice(0, nameCharsMax)}...` : name;
  return cut.toWellFormed();
}

/** A reference token of a JSON pointer (RFC 6901). */
export function pointerToken(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

function requireShallow(text: string): void {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const char = text[index];
    if (inString) {
      if (char === '\\') index += 1;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === '[' || char === '{') depth += 1;
    else if (char === ']' || char === '}') depth -= 1;
    if (depth > depthMax) {
      throw problem('invalid-json', `The body is nested deeper than ${depthMax} levels.`);
    }
  }
}
