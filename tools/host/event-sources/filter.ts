import { UserError } from '../user-error.ts';

/** An event pattern as event source mappings take them: objects of the record's shape with lists of rules as leaves. */
export interface Pattern {
  readonly [key: string]: Pattern | readonly Rule[];
}

type Scalar = string | number | boolean | null;
type Rule = Scalar | Readonly<Record<string, unknown>>;

/** @throws {UserError} when it is not an object of objects and lists. */
export function parsePattern(text: string): Pattern {
  try {
    const pattern = JSON.parse(text);
    checkPattern(pattern);
    return pattern;
  } catch (error) {
    throw new UserError(`The filter pattern ${text} cannot be used: ${(error as Error).message}.`);
  }
}

function checkPattern(node: unknown): void {
  if (Array.isArray(node)) {
    node.forEach(checkRule);
    return;
  }
  if (typeof node !== 'object' || node === null) throw new Error('each leaf must be a list');
  for (const [key, value] of Object.entries(node)) {
    if (key === '$or') (value as unknown[]).forEach(checkPattern);
    else checkPattern(value);
  }
}

function checkRule(rule: unknown): void {
  if (typeof rule !== 'object' || rule === null) return;
  const [operator = ''] = Object.keys(rule);
  if (!Object.hasOwn(operators, operator)) throw new Error(`operator "${operator}" is unknown here`);
}

/** Whether `value` has everything that `pattern` asks for. */
export function matchesPattern(pattern: Pattern, value: unknown): boolean {
  return Object.entries(pattern).every(([key, expected]) => {
    if (key === '$or') {
      return (expected as unknown as Pattern[]).some((alternative) => matchesPattern(alternative, value));
    }
    const isPresent = isRecord(value) && Object.hasOwn(value, key);
    const actual = isPresent ? value[key] : undefined;
    if (!Array.isArray(expected)) return matchesPattern(expected as Pattern, actual);
    // A list in the record matches when one of its elements does.
    const candidates = Array.isArray(actual) ? actual : [actual];
    return (expected as Rule[]).some((rule) =>
      candidates.some((candidate) => matchesRule(rule, candidate, isPresent)),
    );
  });
}

function matchesRule(rule: Rule, value: unknown, isPresent: boolean): boolean {
  if (!isRecord(rule)) return isPresent && value === rule;
  const [[operator, operand] = ['', undefined]] = Object.entries(rule);
  if (operator === 'exists') return (operand === true) === isPresent;
  return isPresent && operators[operator]?.(operand, value) === true;
}

type Operator = (operand: unknown, value: unknown) => boolean;

/** AWS's names. `exists` looks at the key and not at the value, so that its work is done before. */
const operators: Readonly<Record<string, Operator>> = {
  exists: () => false,
  prefix: (operand, value) => typeof value === 'string' && value.startsWith(String(operand)),
  suffix: (operand, value) => typeof value === 'string' && value.endsWith(String(operand)),
  'equals-ignore-case': (operand, value) =>
    typeof value === 'string' && value.toLowerCase() === String(operand).toLowerCase(),
  'anything-but': (operand, value) => !isExcluded(operand, value),
  numeric: (operand, value) => typeof value === 'number' && isWithin(operand as (string | number)[], value),
};

function isExcluded(operand: unknown, value: unknown): boolean {
  if (Array.isArray(operand)) return operand.includes(value);
  return isRecord(operand) ? matchesRule(operand, value, true) : operand === value;
}

/** `comparisons`: pairs of operator and bound, as `[">", 0, "<=", 5]`. */
function isWithin(comparisons: readonly (string | number)[], value: number): boolean {
  for (let index = 0; index + 1 < comparisons.length; index += 2) {
    if (!compare(String(comparisons[index]), value, Number(comparisons[index + 1]))) return false;
  }
  return true;
}

function compare(operator: string, value: number, bound: number): boolean {
  switch (operator) {
    case '=':
      return value === bound;
    case '<':
      return value < bound;
    case '<=':
      return value <= bound;
    case '>':
      return value > bound;
    case '>=':
      return value >= bound;
    default:
      return false;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
