import type { Effects } from './effects.ts';
import { type GenerationState, type GenerationsStore, generationCacheMs } from './generations.ts';

/** How long queries use the last known state while the store cannot be read, in ms. */
export const lastKnownMaxMs = 60_000;

/** How long queries do not ask the store after a failed read, in ms: a call that fails may take many seconds. */
export const failurePauseMs = 10_000;

/** What reading the state of one read model needs. */
export interface CachedGenerationsOptions {
  readonly store: Pick<GenerationsStore, 'read'>;
  readonly model: string;
  readonly effects: Pick<Effects, 'now'>;
}

/** A state, and the time at which reading it began, in ms since 1970: the state is not older. */
interface Known {
  readonly state: GenerationState;
  readonly askedAtMs: number;
}

/** A read that has not ended. */
interface Flight {
  readonly askedAtMs: number;
  readonly known: Promise<Known>;
}

/**
 * The state of one read model's generations, for a function. A state is used for {@link generationCacheMs} from the moment at which
 * its read began. Callers that ask in the meantime share one read.
 */
export class CachedGenerations {
  readonly #options: CachedGenerationsOptions;
  #known: Known | undefined;
  #flight: Flight | undefined;
  /** When the last read failed, in ms since 1970; undefined if it succeeded. */
  #failedAtMs: number | undefined;

  constructor(options: CachedGenerationsOptions) {
    this.#options = options;
  }

  /**
   * The state, for writers. Throws what the store throws if the known one has expired: writing into generations that may be
   * out of use would lose events.
   */
  async current(): Promise<GenerationState> {
    return (await this.#read()).state;
  }

  /**
   * The state, for queries. While the store cannot be read, it is the last known one, for at most {@link lastKnownMaxMs}, and the
   * store is asked once in {@link failurePauseMs}. After that, throws what the store throws.
   */
  async lastKnown(): Promise<GenerationState> {
    const known = this.#isWithin(this.#known, lastKnownMaxMs) ? this.#known : undefined;
    if (known && this.#isYounger(this.#failedAtMs, failurePauseMs)) return known.state;
    try {
      return await this.current();
    } catch (error) {
      if (known === undefined || !this.#isWithin(known, lastKnownMaxMs)) throw error;
      return known.state;
    }
  }

  async #read(): Promise<Known> {
    const { store, model } = this.#options;
    if (this.#known && this.#isWithin(this.#known, generationCacheMs)) return this.#known;
    // A read that began long ago, for example before the function was frozen, may return an old state.
    if (this.#flight && this.#isWithin(this.#flight, generationCacheMs)) return this.#flight.known;
    const askedAtMs = this.#nowMs();
    const known = store.read(model).then((state) => ({ state, askedAtMs }));
    const flight = { askedAtMs, known };
    this.#flight = flight;
    try {
      const read = await known;
      if ((this.#known?.askedAtMs ?? 0) <= askedAtMs || !this.#isWithin(this.#known, lastKnownMaxMs)) {
        this.#known = read;
      }
      this.#failedAtMs = undefined;
      return read;
    } catch (error) {
      this.#failedAtMs = this.#nowMs();
      throw error;
    } finally {
      if (this.#flight === flight) this.#flight = undefined;
    }
  }

  /** False after the clock was set back: the age is not known. */
  #isWithin(known: { readonly askedAtMs: number } | undefined, maxMs: number): boolean {
    return this.#isYounger(known?.askedAtMs, maxMs);
  }

  #isYounger(sinceMs: number | undefined, maxMs: number): boolean {
    const ageMs = sinceMs === undefined ? Number.POSITIVE_INFINITY : this.#nowMs() - sinceMs;
    return ageMs >= 0 && ageMs < maxMs;
  }

  #nowMs(): number {
    return Date.parse(this.#options.effects.now());
  }
}
