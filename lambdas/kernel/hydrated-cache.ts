import type { StreamName } from './commit.ts';
import type { Hydrated } from './hydrate.ts';

/** Streams whose state one process keeps; the one that was used longest ago makes room. */
const maxStreams = 500;

/**
 * The states of the streams that this process has seen last: a hydration that begins here needs no snapshot.
 * Never trusted alone: the commits behind a state are read from the log, strongly consistent, before any decision.
 */
export class HydratedCache<State> {
  readonly #hydrated = new Map<StreamName, Hydrated<State>>();

  get(stream: StreamName): Hydrated<State> | undefined {
    return this.#hydrated.get(stream);
  }

  /** Keeps a state unless a newer one is there. */
  keep(hydrated: Hydrated<State>): void {
    const { stream, version } = hydrated;
    const present = this.#hydrated.get(stream);
    if (version === 0 || (present && present.version > version)) return;
    // Taken out and put back, it is the last that would make room.
    this.#hydrated.delete(stream);
    this.#hydrated.set(stream, hydrated);
    if (this.#hydrated.size <= maxStreams) return;
    const [oldest] = this.#hydrated.keys();
    if (oldest !== undefined) this.#hydrated.delete(oldest);
  }
}
