import { problem } from './problem.ts';

/** A JSON value as parsed. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Deeper documents are refused: recursion over them could use up the stack. */
const depthMax = 32;
/** A double keeps every decimal number with up to this many significant digits. */
const exactDigits = 15;

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

/**
 * Parses JSON. Refuses numbers that a double would change, and nesting deeper than 32 levels. The last of duplicate keys
 * counts. Throws `HttpProblem` (400), which does not quote the text if `isPersonal` returns true.
 */
export function parseJson(text: string, isPersonal: () => boolean = () => false): Json {
  requireShallow(text);
  let inexact = false;
  const keepExact = (_key: string, value: unknown, context?: ReviverContext): unknown => {
    if (typeof value !== 'number' || context?.source === undefined || isExact(value, context.source))
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
  if (inexact) throw isPersonal() ? someInexactNumber() : inexactNumber(parsed);
  return parsed as Json;
}

function isExact(value: number, source: string): boolean {
  if (!Number.isFinite(value)) return false;
  const digits = significantDigits(source);
  // 1e-400 is not zero, but its double is.
  if (value === 0) return digits === '';
  // A longer number is exact if JavaScript writes the double with the same digits: 1/3 is 0.3333333333333333.
  return digits.length <= exactDigits || digits === significantDigits(String(value));
}

/** The digits of the mantissa, without sign, point, and zeros at both ends: those need no precision. */
function significantDigits(source: string): string {
  const mantissa = source.split(/[eE]/, 1)[0] ?? '';
  return trimZeros(mantissa.replace(/[-.]/g, ''));
}

/** Does not use a regular expression: its time would be quadratic for a megabyte of zeros. */
function trimZeros(digits: string): string {
  let start = 0;
  let end = digits.length;
  while (start < end && digits[start] === '0') start += 1;
  while (end > start && digits[end - 1] === '0') end -= 1;
  return digits.slice(start, end);
}

function inexactNumber(root: unknown) {
  const { pointer, source } = findInexact(root, '') ?? { pointer: '', source: '' };
  const literal = source.length > 40 ? `${source.slice(0, 40)}...` : source;
  const detail = `JSON parsers round the number ${literal} or cannot represent it. Write it with fewer digits, or as a string if the field accepts one.`;
  return problem('inexact-number', detail, {
    errors: [
      { pointer, detail: 'Write this number with fewer digits, or as a string if the field accepts one.' },
    ],
  });
}

function someInexactNumber() {
  const detail = 'JSON parsers round a number of the body or cannot represent it. Send it as a string.';
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
