import { compareKeys, type Effects } from '../../../kernel/index.ts';
import type { IndexItems, ItemChange, ItemKey } from './index-items.ts';
import { StoredPersonIndex } from './stored-person-index.ts';

/** The index of persons in memory. */
export class MemoryPersonIndex extends StoredPersonIndex {
  constructor(
    effects: Pick<Effects, 'delay' | 'random'> = { delay: async () => undefined, random: () => 0 },
  ) {
    super(new MemoryIndexItems(), effects);
  }
}

/** Items in memory. */
export class MemoryIndexItems implements IndexItems {
  readonly #partitions = new Map<string, Map<string, string>>();

  async get({ pk, sk }: ItemKey): Promise<string | undefined> {
    return this.#partitions.get(pk)?.get(sk);
  }

  async page(pk: string, { prefix, after = '', limit }: Parameters<IndexItems['page']>[1]) {
    return [...(this.#partitions.get(pk) ?? [])]
      .map(([sk, value]) => ({ sk, value }))
      .filter(({ sk }) => sk.startsWith(prefix) && compareKeys(sk, after) > 0)
      .sort((a, b) => compareKeys(a.sk, b.sk))
      .slice(0, limit);
  }

  async write(changes: readonly ItemChange[]): Promise<boolean> {
    if (changes.some(({ pk, sk, seen }) => this.#partitions.get(pk)?.get(sk) !== seen)) return false;
    for (const { pk, sk, value } of changes) {
      const partition = this.#partitions.get(pk) ?? new Map<string, string>();
      this.#partitions.set(pk, partition);
      if (value === undefined) partition.delete(sk);
      else partition.set(sk, value);
    }
    return true;
  }
}
