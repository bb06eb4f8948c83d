/**
 * The clock, timers, randomness and new ids. They are injected wherever the order of things matters, so tests can simulate time.
 */
export interface Effects {
  /** The current time, ISO 8601, UTC, with milliseconds. */
  readonly now: () => string;
  /** Resolves after `ms` milliseconds. */
  readonly delay: (ms: number) => Promise<void>;
  /** A number from 0 (included) to 1 (excluded). */
  readonly random: () => number;
  /** Aborts after `ms` milliseconds. */
  readonly timeLimit: (ms: number) => AbortSignal;
  /** A new unique id of letters, digits and `-`. */
  readonly newId: () => string;
}
