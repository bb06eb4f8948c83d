import type { Effects } from './effects.ts';

/** For this long after a fault, in ms, a destination is left alone, or tried only once per batch. */
export const circuitMs = 5_000;

/**
 * What a destination did with the last messages. `none`: it answered no call. `some`: it answered, but deferred messages,
 * for example those of a throttled shard.
 */
export type Acceptance = 'all' | 'some' | 'none';

/**
 * How often a process may try a destination. It keeps the attempts at one destination from delaying the others:
 *
 *     none -> no attempt for 5 s; then one at a time, until the destination accepts all messages of a call
 *     some -> one attempt at a time for 5 s
 *     all  -> the full number of attempts, unless `some` was less than 5 s ago
 */
export class Circuit {
  readonly #effects: Pick<Effects, 'now'>;
  readonly #maxAttempts: number;
  #isDown = false;
  #openUntilMs = 0;
  #carefulUntilMs = 0;

  constructor(effects: Pick<Effects, 'now'>, maxAttempts: number) {
    this.#effects = effects;
    this.#maxAttempts = maxAttempts;
  }

  /** Attempts that are allowed now. 0: leave the destination alone. */
  attempts(): number {
    const nowMs = this.#nowMs();
    if (nowMs < this.#openUntilMs) return 0;
    return this.#isDown || nowMs < this.#carefulUntilMs ? 1 : this.#maxAttempts;
  }

  /** Records the result of sending. */
  record(acceptance: Acceptance): void {
    this.#isDown = acceptance === 'none';
    this.#openUntilMs = this.#isDown ? this.#nowMs() + circuitMs : 0;
    if (acceptance === 'some') this.#carefulUntilMs = this.#nowMs() + circuitMs;
  }

  #nowMs(): number {
    return Date.parse(this.#effects.now());
  }
}
