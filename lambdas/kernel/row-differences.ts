import { isDeepStrictEqual } from 'node:util';

/**
 * The names of the fields in which two values differ, sorted: `balance`, `name`. Absent and `undefined` are equal, because JSON has
 * no `undefined`. If one is no plain object, the result is the name `(all)`. It has no values, because they may be personal.
 */
export function differingFields(stored: unknown, folded: unknown): readonly string[] {
  const [a, b] = [plain(stored), plain(folded)];
  if (isDeepStrictEqual(a, b)) return [];
  if (!isObject(a) || !isObject(b)) return ['(all)'];
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].filter((name) => !isDeepStrictEqual(a[name], b[name])).sort();
}

/** As JSON stores it. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
