import { compareKeys, keysWithPrefix } from '../../../kernel/index.ts';

/** The rest of a longer key is dropped. Together with the id, the key must fit into an index of DynamoDB (1,024 bytes). */
const keyMaxBytes = 900;

/**
 * A name without differences that a search ignores: case, the encoding of accents and the kind of spaces. One letter has one
 * form: `ς` and `σ` are the same, and so are `ß` and `ss`, `İ`, `ı` and `i`.
 */
export function foldName(name: string): string {
  return (
    name
      .normalize('NFC')
      // Upper case joins the forms of a letter (ς and σ, ſ and s) and splits ligatures. `ẞ` becomes `ß` only in lower case.
      .toLowerCase()
      .toUpperCase()
      .toLowerCase()
      // JavaScript writes the last sigma of a word as `ς`, and `İ` as `i` with a second dot.
      .replaceAll('\u03c2', '\u03c3')
      .replaceAll('i\u0307', 'i')
      .normalize('NFC')
      .replace(/\s+/gu, ' ')
  );
}

/** The key by which names are sorted and searched. */
export function nameKey(name: string): string {
  return shortened(foldName(name));
}

/**
 * A range with the key of every name that begins like this one. Metrics that no event has changed since the keys were made
 * by lower case alone still have such a key, so the range also includes the keys by lower case. It may include other names.
 */
export function nameKeysFrom(name: string): ReturnType<typeof keysWithPrefix> {
  const ranges = [foldName(name), lowerCaseKey(name), lowerCaseKey(name.toUpperCase())].map((key) =>
    keysWithPrefix(shortened(key)),
  );
  const [from = ''] = ranges.map((range) => range.from).toSorted(compareKeys);
  const [to = ''] = ranges.map((range) => range.to).toSorted((a, b) => compareKeys(b, a));
  return { from, to };
}

/** The key of a name before folding: `ß` and `ς` stay as they are. */
function lowerCaseKey(name: string): string {
  return name.normalize('NFC').toLowerCase().replace(/\s+/gu, ' ');
}

function shortened(key: string): string {
  const { read } = new TextEncoder().encodeInto(key, new Uint8Array(keyMaxBytes));
  return key.slice(0, read);
}
