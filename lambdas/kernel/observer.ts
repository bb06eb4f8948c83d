/** The steps that a trace shows as segments of their own. */
export type Step = 'hydrate' | 'decide' | 'append' | 'publish' | 'project';

/** What the kernel counts. */
export type KernelCounter =
  /** Commands that led to a commit. A command on several streams counts once. */
  | 'Commands'
  /** Commands that had committed before and returned their first answer again. */
  | 'RepeatedCommands'
  /** Commands that the domain rejected. */
  | 'Refusals'
  /** Attempts in which another writer committed first. */
  | 'Conflicts'
  /** Streams and records that were parked, each time. */
  | 'Parked';

/** What the kernel reports while it works. The application connects it to its logger, its tracer and its telemetry. */
export interface Observer {
  /** Runs one step. A tracing observer puts it into a segment of its own. */
  step<Result>(step: Step, run: () => Promise<Result>): Promise<Result>;
  /** Reports something that a person may want to know and that stops nothing. No personal data. */
  warn(message: string, details: Readonly<Record<string, unknown>>): void;
  /** Adds to a counter. Default of `by`: 1. */
  count(counter: KernelCounter, by?: number): void;
}

/** An observer that ignores everything. */
export const silentObserver: Observer = {
  step: (_step, run) => run(),
  warn: () => undefined,
  count: () => undefined,
};
