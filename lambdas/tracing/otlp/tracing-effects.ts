/** The clocks, the timer and the randomness of the adapter. Tests inject their own. */
export interface TracingEffects {
  /** The current time, in ms since 1970. It can go back. */
  readonly now: () => number;
  /** The time since some moment, in ms. It never goes back. */
  readonly elapsed: () => number;
  /** A number from 0 (included) to 1 (excluded). */
  readonly random: () => number;
  /** Calls `run` after `ms` milliseconds. Returns what cancels it. */
  readonly after: (ms: number, run: () => void) => () => void;
}

/** Those of Node. */
export const nodeTracingEffects: TracingEffects = {
  now: Date.now,
  elapsed: () => performance.now(),
  random: Math.random,
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
