import type { Hydrated } from './catch-up.ts';
import type { StreamName } from './commit.ts';

/** Maximum number of streams. The least recently used is removed first. */
const maxStreams = 500;

/**
 * The states of the streams that this process used last. Hydrating them needs no snapshot. A cached state may be old:
 * before each decision the later commits are read from the log, strongly consistent.
 */
export class HydratedCache<State> {
  readonly #hydrated = new Map<StreamName, Hydrated<State>>();

  get(stream: StreamName): Hydrated<State> | undefined {
    return this.#hydrated.get(stream);
  }

  /** Keeps a state, unless the stream does not exist or a newer state is present: an older one would be as right, but slower. */
  keep(hydrated: Hydrated<State>): void {
    const { stream, version } = hydrated;
    const present = this.#hydrated.get(stream);
    if (version === 0 || (present && present.version > version)) return;
    // A map keeps the order of insertion. Inserting the stream again marks it as the most recently used.
    this.#hydrated.delete(stream);
    this.#hydrated.set(stream, hydrated);
    if (this.#hydrated.size <= maxStreams) return;
    const [oldest] = this.#hydrated.keys();
    if (oldest !== undefined) this.#hydrated.delete(oldest);
  }
}
