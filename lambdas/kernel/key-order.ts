/** The last character. A key that does not contain it sorts before it. */
export const lastKey = '\u{10FFFF}';

/** Compares keys as DynamoDB does: by their bytes in UTF-8. */
export function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Maximum length of a key in an index of DynamoDB. */
const keyMaxBytes = 1_024;

/** The range of all keys with this prefix, also of keys in which the last character follows. */
export function keysWithPrefix(prefix: string): { readonly from: string; readonly to: string } {
  const restBytes = keyMaxBytes - Buffer.byteLength(prefix);
  const repeats = Math.max(1, Math.floor(restBytes / Buffer.byteLength(lastKey)));
  return { from: prefix, to: prefix + lastKey.repeat(repeats) };
}

/** A range of keys. All bounds are optional. */
export interface KeyBounds {
  /** First key. */
  readonly from?: string | undefined;
  /** Last key. */
  readonly to?: string | undefined;
  /** Only keys after this one, in the order of reading. */
  readonly after?: string | undefined;
}

/** True if a key is within the bounds. `order` is the order of reading. */
export function isWithin(
  key: string,
  { from = '', to, after }: KeyBounds,
  order: 'ascending' | 'descending' = 'ascending',
): boolean {
  if (compareKeys(key, from) < 0 || (to !== undefined && compareKeys(key, to) > 0)) return false;
  return after === undefined || inOrder(order)(key, after) > 0;
}

/** Compares keys in this order. */
export function inOrder(order: 'ascending' | 'descending'): (a: string, b: string) => number {
  return order === 'ascending' ? compareKeys : (a, b) => compareKeys(b, a);
}
