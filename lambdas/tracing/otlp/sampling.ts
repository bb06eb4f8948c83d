import type { TraceContext } from '../../kernel/index.ts';
import type { TracingEffects } from './tracing-effects.ts';

/** Maximum number of callers in one second whose wish to be sampled is believed. */
const believedPerSecond = 5;
const windowMs = 1_000;

/**
 * Decides whether the trace of an invocation is exported. A caller that is not sampled is believed. One that is sampled may lie, so
 * it is believed for a few invocations in each second only. For the others, and without a caller, `ratio` decides.
 */
export class Sampling {
  readonly #ratio: number;
  readonly #effects: Pick<TracingEffects, 'elapsed' | 'random'>;
  #windowStart = Number.NEGATIVE_INFINITY;
  #believed = 0;

  /** `ratio`: from 0 to 1. */
  constructor(ratio: number, effects: Pick<TracingEffects, 'elapsed' | 'random'>) {
    this.#ratio = ratio;
    this.#effects = effects;
  }

  ofInvocation(caller: TraceContext | undefined): TraceSampling {
    const byRatio = () => this.#effects.random() < this.#ratio;
    if (caller === undefined) return new TraceSampling(byRatio(), 'by-ratio');
    return new TraceSampling(caller.sampled && (this.#believes() || byRatio()), 'by-caller');
  }

  #believes(): boolean {
    const now = this.#effects.elapsed();
    if (now - this.#windowStart >= windowMs) {
      this.#windowStart = now;
      this.#believed = 0;
    }
    this.#believed += 1;
    return this.#believed <= believedPerSecond;
  }
}

/** Whether the spans of an invocation in one trace are exported. */
export class TraceSampling {
  #sampled: boolean;
  /** The decision can still be replaced by that of the causes: nobody was told that the trace is sampled. */
  #open: boolean;

  constructor(sampled: boolean, reason: 'by-ratio' | 'by-caller' | 'by-cause') {
    this.#sampled = sampled;
    this.#open = reason === 'by-ratio';
  }

  get sampled(): boolean {
    return this.#sampled;
  }

  /** The decision, for others. From then on, a sampled trace stays sampled. */
  handOn(): boolean {
    if (this.#sampled) this.#open = false;
    return this.#sampled;
  }

  /** The trace has this cause too. The first cause replaces the decision by ratio, and each sampled one makes the trace sampled. */
  causedBy(sampled: boolean): void {
    this.#sampled = sampled || (this.#sampled && !this.#open);
    this.#open = false;
  }
}
