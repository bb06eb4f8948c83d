import { createHistogram } from 'node:perf_hooks';

/** Maximum unexpected answers that are kept as text. All are counted. */
const keptMax = 20;
/** Longer latencies are recorded as this. */
const latencyMaxMs = 3_600_000;

/** A counter for each key. */
export class Counts {
  readonly #counts = new Map<string, number>();

  add(key: string | number): void {
    this.#counts.set(String(key), this.of(key) + 1);
  }

  of(key: string | number): number {
    return this.#counts.get(String(key)) ?? 0;
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** `200: 31, 409: 2`, the most frequent first; empty if nothing was counted. */
  toString(): string {
    const byCount = [...this.#counts].sort(([, one], [, other]) => other - one);
    return byCount.map(([key, count]) => `${key}: ${count}`).join(', ');
  }
}

/** What happened in a run, in numbers. */
export class RunCounts {
  /** Answers by status. */
  readonly statuses = new Counts();
  /** Commands refused, by problem code. */
  readonly refused = new Counts();
  /** Commands sent a second time under the same key: `after an answer` or `in flight`. */
  readonly repeated = new Counts();
  /** Requests sent again because their outcome was unknown, by status or network error. */
  readonly retried = new Counts();
  /** Commands that committed events. */
  committed = 0;
  /** Reads that had to reflect all that was acknowledged before. */
  freshReads = 0;
  /** The first unexpected answers, at most {@link keptMax}. */
  readonly unexpected: string[] = [];
  unexpectedCount = 0;
  /** In microseconds; a percentile is at most 0.1 % off. */
  readonly #latency = createHistogram({ highest: latencyMaxMs * 1_000, figures: 3 });

  noteUnexpected(sentence: string): void {
    this.unexpectedCount += 1;
    if (this.unexpected.length < keptMax) this.unexpected.push(sentence);
  }

  noteAnswer(status: number, latencyMs: number): void {
    this.statuses.add(status);
    this.#latency.record(Math.max(1, Math.round(Math.min(latencyMs, latencyMaxMs) * 1_000)));
  }

  /** The latency that `percent` % of all answers do not exceed; 0 without any answer. */
  latencyMs(percent: number): number {
    return this.#latency.count === 0 ? 0 : this.#latency.percentile(percent) / 1_000;
  }
}
