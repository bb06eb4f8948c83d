import { problem } from './problem.ts';

/** A JSON value as parsed. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Deeper documents are refused, so that no recursion over a parsed body can exhaust the stack. */
const depthMax = 32;
/** A double holds every decimal of this many significant digits, whatever its magnitude. */
const exactDigits = 15;

/** The third argument JSON.parse gives a reviver; `source` is the literal as written, for primitives only. */
interface ReviverContext {
  readonly source?: string;
}

/** Stands in for a literal that a double would alter, until its place in the document is known. */
class InexactNumber {
  readonly source: string;
  constructor(source: string) {
    this.source = source;
  }
}

/**
 * JSON.parse that refuses what it would alter or choke on: numbers that would come out with other digits than they were
 * written with, and nesting deeper than 32. Of duplicate keys the last one counts. Throws `HttpProblem` (400), which
 * quotes nothing of a text that `isPersonal`.
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
  // Not zero as written, but zero as a double: 1e-400.
  if (value === 0) return digits === '';
  // Longer ones are exact when they are what JavaScript itself writes for this double, as 1/3 is by 0.3333333333333333.
  return digits.length <= exactDigits || digits === significantDigits(String(value));
}

/** The mantissa's digits without sign, point, exponent, and without zeros at either end, which cost no precision. */
function significantDigits(source: string): string {
  const mantissa = source.split(/[eE]/, 1)[0] ?? '';
  return trimZeros(mantissa.replace(/[-.]/g, ''));
}

/** By index: a pattern for trailing zeros backtracks quadratically on a megabyte of them. */
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
  const detail = `${literal} is a number that JSON readers round or cannot hold. Write it with fewer digits, or as a string where the field takes one.`;
  return problem('inexact-number', detail, {
    errors: [
      { pointer, detail: 'Write this number with fewer digits, or as a string where the field takes one.' },
    ],
  });
}

function someInexactNumber() {
  const detail = 'The body has a number that JSON readers round or cannot hold. Send it as a string.';
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
      throw problem(
        'invalid-json',
        `The body nests deeper than ${depthMax} levels, more than any route takes.`,
      );
    }
  }
}
