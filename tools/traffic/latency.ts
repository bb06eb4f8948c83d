/** Neighbouring buckets differ by this factor, so that a percentile is at most 1 % off. */
const bucketGrowth = 1.01;
/** Everything faster counts as this. */
const shortestMs = 0.01;

/** Durations by frequency, in memory that does not grow with their number. */
export class LatencyHistogram {
  readonly #buckets = new Map<number, number>();
  #count = 0;
  #maxMs = 0;

  record(durationMs: number): void {
    const bucket = Math.ceil(
      Math.log(Math.max(durationMs, shortestMs) / shortestMs) / Math.log(bucketGrowth),
    );
    this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + 1);
    this.#count += 1;
    this.#maxMs = Math.max(this.#maxMs, durationMs);
  }

  get count(): number {
    return this.#count;
  }

  /** The longest, exactly; 0 where nothing was recorded. */
  get maxMs(): number {
    return this.#maxMs;
  }

  /** The duration that `percent` % of all do not exceed (nearest rank), up to 1 % too high; 0 where there is none. */
  percentileMs(percent: number): number {
    const rank = Math.max(1, Math.ceil((percent / 100) * this.#count));
    let counted = 0;
    for (const bucket of [...this.#buckets.keys()].sort((a, b) => a - b)) {
      counted += this.#buckets.get(bucket) ?? 0;
      if (counted >= rank) return Math.min(this.#maxMs, shortestMs * bucketGrowth ** bucket);
    }
    return 0;
  }
}
