import { type Effects, keyCacheMs, type SubjectKey } from '../index.ts';

/** Maximum number of keys in a process. The least recently used is removed first. */
export const cachedKeysMax = 500;

/** A key, and when reading it from the store began, in ms since 1970: a key that is destroyed later can be in the cache. */
interface Cached {
  readonly key: SubjectKey;
  readonly askedAtMs: number;
}

/** The keys that a process has read, each for at most {@link keyCacheMs}. */
export class KeyCache {
  readonly #effects: Pick<Effects, 'now'>;
  readonly #cached = new Map<string, Cached>();

  constructor(effects: Pick<Effects, 'now'>) {
    this.#effects = effects;
  }

  get(name: string): SubjectKey | undefined {
    const cached = this.#cached.get(name);
    if (cached === undefined) return undefined;
    this.#cached.delete(name);
    if (!this.#isUsable(cached)) return undefined;
    // A map keeps the order of insertion. Inserting the name again marks it as the most recently used.
    this.#cached.set(name, cached);
    return cached.key;
  }

  /** Keeps a key. Removes those that have expired, so that they do not stay in memory. */
  keep(name: string, key: SubjectKey, askedAtMs: number): void {
    for (const [other, cached] of this.#cached) if (!this.#isUsable(cached)) this.#cached.delete(other);
    this.#cached.delete(name);
    this.#cached.set(name, { key, askedAtMs });
    if (this.#cached.size <= cachedKeysMax) return;
    const [oldest] = this.#cached.keys();
    if (oldest !== undefined) this.#cached.delete(oldest);
  }

  /** False after the clock was set back: the age is not known. */
  #isUsable({ askedAtMs }: Cached): boolean {
    const ageMs = Date.parse(this.#effects.now()) - askedAtMs;
    return ageMs >= 0 && ageMs < keyCacheMs;
  }
}
