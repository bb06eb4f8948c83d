/**
 * What code needs beside its arguments and its stores: a clock, a timer, randomness and ids. Injected everywhere, so
 * that time can be simulated.
 */
export interface Effects {
  /** The current time, ISO 8601, UTC, with milliseconds. */
  readonly now: () => string;
  /** Resolves after `ms` milliseconds. */
  readonly delay: (ms: number) => Promise<void>;
  /** A number from 0 (included) to 1 (excluded). */
  readonly random: () => number;
  /** A new id that nothing else has, of letters, digits and `-`. */
  readonly newId: () => string;
}
