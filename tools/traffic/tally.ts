import { LatencyHistogram } from './latency.ts';

/** Unexpected answers are kept in words up to here; all are counted. */
const keptMax = 20;

/** What happened, counted. */
export class Tally {
  /** Of requests that were answered, whatever the answer. */
  readonly latency = new LatencyHistogram();
  /** Answers by status. */
  readonly statuses = new Counts();
  /** Commands refused as they had to be, by the problem's code. */
  readonly refused = new Counts();
  /** Commands carried out a second time under the same key, by when: `after an answer`, `in flight`. */
  readonly repeated = new Counts();
  /** Requests sent again because their outcome was unknown, by status or network error. */
  readonly retried = new Counts();
  /** Commands that committed something. */
  committed = 0;
  /** Reads that had to reflect every command acknowledged before. */
  freshReads = 0;
  readonly unexpected: string[] = [];
  unexpectedCount = 0;

  /** Notes an answer that the server must not give. */
  noteUnexpected(sentence: string): void {
    this.unexpectedCount += 1;
    if (this.unexpected.length < keptMax) this.unexpected.push(sentence);
  }
}

/** How often each of a few things happened. */
export class Counts {
  readonly #counts = new Map<string, number>();

  add(key: string | number): void {
    this.#counts.set(String(key), (this.#counts.get(String(key)) ?? 0) + 1);
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  of(key: string | number): number {
    return this.#counts.get(String(key)) ?? 0;
  }

  /** `200: 31, 409: 2`, the most frequent first; empty where nothing was counted. */
  toString(): string {
    const byCount = [...this.#counts].sort(([, a], [, b]) => b - a);
    return byCount.map(([key, count]) => `${key}: ${count}`).join(', ');
  }
}
