type Fields = Readonly<Record<string, unknown>>;

/** True if two plain values are equal. A field that is undefined equals one that is missing. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b || Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const isMissing = (field: string) =>
    (b as Fields)[field] !== undefined && (a as Fields)[field] === undefined;
  return hasFields(b, a as Fields) && !Object.keys(b).some(isMissing);
}

/** True if `whole` has each field of `part`. */
export function hasFields(whole: unknown, part: Fields): boolean {
  if (typeof whole !== 'object' || whole === null) return false;
  return Object.keys(part).every((field) => same(part[field], (whole as Fields)[field]));
}

/** The fields whose value is none of those permitted. */
export function fieldsThatDiffer(
  found: unknown,
  permitted: Readonly<Record<string, readonly unknown[]>>,
): string[] {
  const fields = (found ?? {}) as Fields;
  return Object.keys(permitted).filter(
    (field) => !permitted[field]?.some((value) => same(value, fields[field])),
  );
}
