import type * as z from 'zod';
import { clip, pointerToken } from './json.ts';
import type { ProblemItem } from './problem.ts';

/** Maximum number of errors in an answer. */
const errorsMax = 20;
/** Zod's default message for a value that no option of a union accepts. */
const unionMessage = 'Invalid input';
const optionsMax = 3;

interface Wording {
  /** Creates the item for an error at a path in the input. */
  readonly itemOf: (path: readonly PropertyKey[], detail: string) => ProblemItem;
  /** The detail for a name that the schema does not have. */
  readonly unknown: string;
  /** Whether the answer may contain such names. */
  readonly quotesUnknown: boolean;
}

/** Zod's errors of path or query parameters, at most 20. */
export function parameterErrors(error: z.ZodError): readonly ProblemItem[] {
  return errorsOf(error, {
    itemOf: (path, detail) => ({ parameter: String(path[0] ?? ''), detail }),
    unknown: 'Unknown parameter.',
    quotesUnknown: true,
  });
}

/** Zod's errors of a body, at most 20, each with its JSON pointer. A name of an unknown field may be personal data. */
export function bodyErrors(error: z.ZodError, quotesUnknown: boolean): readonly ProblemItem[] {
  return errorsOf(error, {
    itemOf: (path, detail) => ({
      pointer: path.map((key) => `/${pointerToken(clip(String(key)))}`).join(''),
      detail,
    }),
    unknown: 'Unknown field.',
    quotesUnknown,
  });
}

/** A sentence with the first error and the number of others. `place`: the part of the request, such as `The body`. */
export function sentenceOf(place: string, errors: readonly ProblemItem[]): string {
  const [first, ...more] = errors;
  if (first === undefined) return `${place} does not match what this route accepts.`;
  const name = first.pointer ?? first.parameter ?? '';
  const where = name === '' ? place : `${place}, at "${name}"`;
  const rest = more.length > 0 ? ` ${more.length} more in "errors".` : '';
  return `${where}: ${first.detail}${rest}`;
}

function errorsOf(error: z.ZodError, wording: Wording): readonly ProblemItem[] {
  const items: ProblemItem[] = [];
  for (const issue of error.issues.flatMap(leaves)) {
    const room = errorsMax - items.length;
    if (room === 0) break;
    items.push(...itemsOf(issue, wording, room));
  }
  return items;
}

function itemsOf(
  issue: z.core.$ZodIssue,
  { itemOf, unknown, quotesUnknown }: Wording,
  itemsMax: number,
): readonly ProblemItem[] {
  if (issue.code !== 'unrecognized_keys') {
    return [itemOf(issue.path, `${issue.message}.`.replace(/\.\.$/, '.'))];
  }
  if (!quotesUnknown) return [itemOf(issue.path, unknown)];
  return issue.keys.slice(0, itemsMax).map((key) => itemOf([...issue.path, clip(key)], unknown));
}

/**
 * A union fails with the errors of all its options. If one option matched deeper into the value than the others, its errors
 * are the most useful. Otherwise the result is the union's own message or, without one, what each option expected.
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
