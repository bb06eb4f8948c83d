import { compareKeys } from '../key-order.ts';
import type { StoredKey, SubjectKeyDestroyer, SubjectKeyStore } from '../subject-keys.ts';

/** Maximum number of keys that one page of `createdBefore` looks at. */
const pageKeys = 100;

/** The table of keys in memory, for specs. */
export class MemorySubjectKeyStore implements SubjectKeyStore, SubjectKeyDestroyer {
  readonly #keys = new Map<string, StoredKey>();

  async find(name: string): Promise<StoredKey | undefined> {
    return this.#keys.get(name);
  }

  async findAll(names: readonly string[]): Promise<ReadonlyMap<string, StoredKey>> {
    const found = new Map<string, StoredKey>();
    for (const name of names) {
      const key = this.#keys.get(name);
      if (key) found.set(name, key);
    }
    return found;
  }

  async create(name: string, key: StoredKey): Promise<StoredKey> {
    const present = this.#keys.get(name);
    if (present) return present;
    this.#keys.set(name, key);
    return key;
  }

  async destroy(name: string): Promise<void> {
    this.#keys.delete(name);
  }

  async createdBefore(instant: string, after = '') {
    const page = [...this.#keys]
      .filter(([name]) => compareKeys(name, after) > 0)
      .sort(([a], [b]) => compareKeys(a, b))
      .slice(0, pageKeys);
    const last = page.length === pageKeys ? page.at(-1)?.[0] : undefined;
    const names = page.filter(([, { createdAt }]) => createdAt < instant).map(([name]) => name);
    return { names, ...(last !== undefined && { next: last }) };
  }
}
