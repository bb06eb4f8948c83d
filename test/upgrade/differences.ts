/**
 * Compares plain data at every depth. Returns one sentence for each field that differs, with its path: `name.field`. A
 * field that is undefined is the same as an absent one.
 */
export function differencesOf(name: string, expected: unknown, found: unknown): string[] {
  if (isRecord(expected) && isRecord(found) && Array.isArray(expected) === Array.isArray(found)) {
    const fields = new Set([...Object.keys(expected), ...Object.keys(found)]);
    return [...fields].flatMap((field) => differencesOf(`${name}.${field}`, expected[field], found[field]));
  }
  if (JSON.stringify(expected) === JSON.stringify(found)) return [];
  return [`${name}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`];
}

/** True for objects and arrays. */
function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
