/** Calls `run` after `ms`. The result cancels it. */
export type Timer = (ms: number, run: () => void) => () => void;

/** A timer that does not keep the process running. */
export const startTimer: Timer = (ms, run) => {
  const timer = setTimeout(run, ms).unref();
  return () => clearTimeout(timer);
};
