import type { IndexItems, ItemChange, ItemKey } from './index-items.ts';

interface Touched extends ItemChange {
  /** The value with the changes so far. */
  readonly content: object | undefined;
}

/**
 * Reads items, and collects changes. {@link commit} writes all of them if no item that was read has changed meanwhile. So what is
 * decided by these items is true at the time of the write.
 */
export class IndexTransaction {
  readonly #items: IndexItems;
  readonly #touched = new Map<string, Touched>();

  constructor(items: IndexItems) {
    this.#items = items;
  }

  /** The item, with the changes so far. */
  async read<Content extends object>(key: ItemKey): Promise<Content | undefined> {
    return (await this.#touch(key)).content as Content | undefined;
  }

  /** Replaces an item. Undefined removes it. */
  async set(key: ItemKey, content: object | undefined): Promise<void> {
    const { seen } = await this.#touch(key);
    const value = content === undefined ? undefined : JSON.stringify(content);
    this.#touched.set(nameOf(key), { ...key, seen, value, content });
  }

  /** True if the changes are written, or there are none. False: an item has changed; begin again. */
  async commit(): Promise<boolean> {
    const changes = [...this.#touched.values()];
    if (changes.every(({ seen, value }) => seen === value)) return true;
    return this.#items.write(changes.map(({ pk, sk, seen, value }) => ({ pk, sk, seen, value })));
  }

  async #touch(key: ItemKey): Promise<Touched> {
    const known = this.#touched.get(nameOf(key));
    if (known !== undefined) return known;
    const seen = await this.#items.get(key);
    const content = seen === undefined ? undefined : (JSON.parse(seen) as object);
    const touched = { pk: key.pk, sk: key.sk, seen, value: seen, content };
    this.#touched.set(nameOf(key), touched);
    return touched;
  }
}

function nameOf({ pk, sk }: ItemKey): string {
  return JSON.stringify([pk, sk]);
}
