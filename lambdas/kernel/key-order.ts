/** Sorts behind every key that names and ids are made of. */
export const lastKey = '\u{10FFFF}';

/** The order of keys: that of their UTF-8 bytes, as DynamoDB has it. */
export function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** The range of all keys that begin with a text. */
export function keysWithPrefix(prefix: string): { readonly from: string; readonly to: string } {
  return { from: prefix, to: prefix + lastKey };
}
