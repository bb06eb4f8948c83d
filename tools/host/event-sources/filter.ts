import { messageOf, UserError } from '../user-error.ts';

/** An event pattern: objects with the shape of the event, with lists of accepted values as leaves. */
export interface Pattern {
  readonly [key: string]: Pattern | readonly Scalar[];
}

type Scalar = string | number | boolean | null;

/** @throws {UserError} unless the pattern is an object of objects and lists of values. Operators are not supported. */
export function parsePattern(text: string): Pattern {
  try {
    const pattern = JSON.parse(text);
    checkPattern(pattern);
    return pattern;
  } catch (error) {
    throw new UserError(`the pattern ${text} is not supported: ${messageOf(error)}`);
  }
}

function checkPattern(node: unknown): void {
  if (!isRecord(node)) throw new Error('each leaf must be a list of values');
  for (const [key, value] of Object.entries(node)) {
    if (key.startsWith('$')) throw new Error(`operator "${key}"`);
    if (Array.isArray(value)) value.forEach(checkValue);
    else checkPattern(value);
  }
}

function checkValue(value: unknown): void {
  if (typeof value === 'object' && value !== null) throw new Error(`operator "${Object.keys(value)[0]}"`);
}

/** Whether `value` has one of the accepted values in each place that the pattern names. */
export function matchesPattern(pattern: Pattern, value: unknown): boolean {
  return Object.entries(pattern).every(([key, expected]) => {
    const actual = isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
    return Array.isArray(expected) ? expected.includes(actual) : matchesPattern(expected as Pattern, actual);
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
