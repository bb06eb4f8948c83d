import { type Coverage, CoverageSum } from './coverage.ts';
import type { OutcomeCounts } from './outcome.ts';
import type { SeedResult } from './seed-result.ts';

/**
 * Adds up the results of consecutive seeds, up to the first one with a difference. Results may come in any order: one that comes
 * early is kept until those before it are there.
 */
export class Totals {
  readonly #coverage = new CoverageSum();
  readonly #early = new Map<number, SeedResult>();
  #next: number;
  #seeds = 0;
  #counts: OutcomeCounts = { commands: 0, commits: 0, events: 0, simulatedMs: 0 };
  #failure: SeedResult | undefined;

  /** `from`: the first seed. */
  constructor(from: number) {
    this.#next = from;
  }

  /** Adds the result of a seed. */
  add(result: SeedResult): void {
    this.#early.set(result.seed, result);
    for (let next = this.#early.get(this.#next); next !== undefined; next = this.#early.get(this.#next)) {
      this.#early.delete(this.#next);
      this.#next += 1;
      if (this.#failure === undefined) this.#count(next);
    }
  }

  #count({ findings, struck, acts, counts, ...rest }: SeedResult): void {
    this.#seeds += 1;
    this.#coverage.add(struck, acts);
    this.#counts = {
      commands: this.#counts.commands + counts.commands,
      commits: this.#counts.commits + counts.commits,
      events: this.#counts.events + counts.events,
      simulatedMs: this.#counts.simulatedMs + counts.simulatedMs,
    };
    if (findings.length > 0) this.#failure = { findings, struck, acts, counts, ...rest };
  }

  /** Number of seeds that count. */
  get seeds(): number {
    return this.#seeds;
  }

  get counts(): OutcomeCounts {
    return this.#counts;
  }

  get coverage(): Coverage {
    return this.#coverage.coverage;
  }

  /** The first seed with a difference. */
  get failure(): SeedResult | undefined {
    return this.#failure;
  }
}
