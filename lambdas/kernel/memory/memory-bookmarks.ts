import type { Bookmarks } from '../bookmarks.ts';

/** Bookmarks in memory, for specs. */
export class MemoryBookmarks implements Bookmarks {
  readonly #places = new Map<string, string | undefined>();

  async place(name: string): Promise<string | undefined> {
    return this.#places.get(name);
  }

  async notePlace(name: string, place: string | undefined): Promise<void> {
    this.#places.set(name, place);
  }
}
