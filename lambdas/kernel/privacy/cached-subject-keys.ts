import {
  type Effects,
  forEachConcurrently,
  type KeyWrapper,
  type StoredKey,
  type SubjectKey,
  type SubjectKeyStore,
  type SubjectKeys,
} from '../index.ts';
import { DataKey } from './data-key.ts';
import { KeyCache } from './key-cache.ts';
import { SharedCalls } from './shared-calls.ts';

/** Maximum number of calls of the key service that run at the same time for one `findAll`. */
export const unwrapsMaxConcurrent = 25;

/** What the keys of subjects need. */
export interface CachedSubjectKeysOptions {
  readonly store: SubjectKeyStore;
  readonly wrapper: KeyWrapper;
  readonly effects: Pick<Effects, 'now' | 'newId'>;
}

/**
 * The keys of subjects: read from the store, unwrapped by the key service, and cached. A key is used for `keyCacheMs` from the
 * moment at which reading the store began. That a key is missing, or that a call failed, is never cached.
 */
export class CachedSubjectKeys implements SubjectKeys {
  readonly #options: CachedSubjectKeysOptions;
  readonly #cache: KeyCache;
  readonly #finding: SharedCalls<SubjectKey | undefined>;
  readonly #creating: SharedCalls<SubjectKey>;
  readonly #unwrapping: SharedCalls<SubjectKey>;

  constructor(options: CachedSubjectKeysOptions) {
    const { effects } = options;
    this.#options = options;
    this.#cache = new KeyCache(effects);
    this.#finding = new SharedCalls(effects);
    this.#creating = new SharedCalls(effects);
    this.#unwrapping = new SharedCalls(effects);
  }

  async find(name: string): Promise<SubjectKey | undefined> {
    const cached = this.#cache.get(name);
    if (cached) return cached;
    // A read that began before this call can miss a key that was created since: then only one that began later counts.
    const running = this.#finding.running(name);
    const found = running && (await running);
    return (
      found ??
      this.#finding.running(name) ??
      this.#finding.start(name, (askedAtMs) => this.#read(name, askedAtMs))
    );
  }

  async findAll(names: readonly string[]): Promise<ReadonlyMap<string, SubjectKey>> {
    const found = new Map<string, SubjectKey>();
    const missing = new Set<string>();
    for (const name of names) {
      const cached = this.#cache.get(name);
      if (cached) found.set(name, cached);
      else missing.add(name);
    }
    if (missing.size === 0) return found;
    const askedAtMs = this.#nowMs();
    const stored = await this.#options.store.findAll([...missing]);
    await forEachConcurrently([...stored], unwrapsMaxConcurrent, async ([name, key]) => {
      found.set(name, await this.#unwrap(name, key, askedAtMs));
    });
    return found;
  }

  async create(name: string): Promise<SubjectKey> {
    return (
      this.#cache.get(name) ??
      this.#creating.running(name) ??
      this.#creating.start(name, (askedAtMs) => this.#create(name, askedAtMs))
    );
  }

  async #read(name: string, askedAtMs: number): Promise<SubjectKey | undefined> {
    const stored = await this.#options.store.find(name);
    return stored && this.#unwrap(name, stored, askedAtMs);
  }

  async #create(name: string, askedAtMs: number): Promise<SubjectKey> {
    const { store, wrapper, effects } = this.#options;
    // Most names have a key. Generating one that is then not stored would cost a call of the key service.
    const found = await this.#read(name, askedAtMs);
    if (found) return found;
    const id = effects.newId();
    const { plain, wrapped } = await wrapper.generate(name, id);
    const stored = await store.create(name, { id, wrapped, createdAt: effects.now() });
    if (stored.id === id) return this.#kept(name, id, plain, askedAtMs);
    plain.fill(0);
    return this.#unwrap(name, stored, askedAtMs);
  }

  #unwrap(name: string, { id, wrapped }: StoredKey, askedAtMs: number): Promise<SubjectKey> {
    const call = `${name} ${id}`;
    const unwrap = async () =>
      this.#kept(name, id, await this.#options.wrapper.unwrap(name, id, wrapped), askedAtMs);
    return this.#unwrapping.running(call) ?? this.#unwrapping.start(call, unwrap);
  }

  /** Erases the plain data key. What is derived from it stays in memory as long as the cache or a caller has the key. */
  #kept(name: string, id: string, plain: Uint8Array, askedAtMs: number): SubjectKey {
    const key = new DataKey(id, plain);
    plain.fill(0);
    this.#cache.keep(name, key, askedAtMs);
    return key;
  }

  #nowMs(): number {
    return Date.parse(this.#options.effects.now());
  }
}
