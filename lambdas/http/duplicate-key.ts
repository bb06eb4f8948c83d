/** An object or array that is being read. `names`: the keys of the object so far; absent for an array. */
interface Level {
  readonly names?: Set<string>;
  /** The key or index of the value that is being read. */
  token: string | number;
}

/**
 * The path to the first key that an object of the document has twice; undefined if there is none. Keys are compared after
 * decoding: `"a"` and `"\u0061"` are the same key. `text`: valid JSON.
 */
export function findDuplicateKey(text: string): readonly (string | number)[] | undefined {
  const levels: Level[] = [];
  let isKey = false;
  for (let at = 0; at < text.length; at += 1) {
    const level = levels.at(-1);
    switch (text[at]) {
      case '{':
        levels.push({ names: new Set(), token: '' });
        isKey = true;
        break;
      case '[':
        levels.push({ token: 0 });
        isKey = false;
        break;
      case '}':
      case ']':
        levels.pop();
        isKey = false;
        break;
      case ',':
        isKey = level?.names !== undefined;
        if (typeof level?.token === 'number') level.token += 1;
        break;
      case '"': {
        const end = endOfString(text, at);
        if (isKey && level?.names) {
          level.token = JSON.parse(text.slice(at, end)) as string;
          if (level.names.has(level.token)) return levels.map(({ token }) => token);
          level.names.add(level.token);
          isKey = false;
        }
        at = end - 1;
      }
    }
  }
  return undefined;
}

/** The index after the closing quote of the string that begins at `start`. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}
