import { slowness } from './slowness.ts';

/** A wait that began now may meet a machine that gets busy only later. */
const reserve = 3;
const longestFactor = 20;
/** What no machine is too slow for: who waits longer waits for a fault. */
const longestExtraMs = 20 * 60_000;

/**
 * A bound for a wait that is set when the wait begins: a test, a hook, a process that is killed at the end of it. At least
 * three and at most twenty times as long as on a quiet machine, by how slow the machine is now, but at most twenty minutes longer.
 * @param quietMs a bound that is generous on a quiet machine
 * @param slownessNow as {@link slowness}
 */
export function boundMs(quietMs: number, slownessNow = slowness): number {
  const slowMs = quietMs * Math.min(longestFactor, reserve * slownessNow());
  return Math.round(Math.min(slowMs, quietMs + longestExtraMs));
}

/**
 * The rest of a wait that looks again and again. While the machine is n times slower, its time passes n times slower too. It ends
 * twenty minutes later than on a quiet machine at the latest.
 */
export class Patience {
  readonly #quietMs: number;
  readonly #nowMs: () => number;
  readonly #slowness: () => number;
  readonly #endMs: number;
  #spentMs = 0;
  #lookedMs: number;

  /**
   * @param quietMs how long to wait on a quiet machine
   * @param nowMs a clock
   * @param slownessNow as {@link slowness}
   */
  constructor(quietMs: number, nowMs = () => performance.now(), slownessNow = slowness) {
    this.#quietMs = quietMs;
    this.#nowMs = nowMs;
    this.#slowness = slownessNow;
    this.#lookedMs = nowMs();
    this.#endMs = this.#lookedMs + quietMs + longestExtraMs;
  }

  /** True when the time is over. Counts the time since the last look. */
  isOver(): boolean {
    const nowMs = this.#nowMs();
    this.#spentMs += (nowMs - this.#lookedMs) / this.#slowness();
    this.#lookedMs = nowMs;
    return this.#spentMs > this.#quietMs || nowMs > this.#endMs;
  }
}
