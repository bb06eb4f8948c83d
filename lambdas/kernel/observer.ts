/** The steps that a trace shows as separate segments. */
export type Step = 'hydrate' | 'decide' | 'append' | 'publish' | 'project';

/** What the kernel counts. */
export type KernelCounter =
  /** Commands that were committed. A command on several streams counts once. */
  | 'Commands'
  /** Commands that had committed before and returned their first answer again. */
  | 'RepeatedCommands'
  /** Commands that the domain rejected. */
  | 'Refusals'
  /** Attempts in which another writer committed first. */
  | 'Conflicts'
  /** Appends that were cut off before their outcome was known. */
  | 'CutOffs'
  /** Appends and questions about the past that were refused because the clock is off. */
  | 'ClockRefusals'
  /** Commits of the log that are missing, or that are not what was appended: each time that one is met. */
  | 'LogChanged'
  /** Sealed segments that could not be used, so that the log was read: each time that a reader met it. */
  | 'SegmentsUnusable'
  /** Streams and records that were parked, each time. */
  | 'Parked'
  /** Commits that a destination did not accept because of an outage, for each destination. They wait for it. */
  | 'Deferred';

/** What the kernel reports while it works. The application connects it to its logger, its tracer and its telemetry. */
export interface Observer {
  /** Runs one step. A tracing observer creates a segment for it. */
  step<Result>(step: Step, run: () => Promise<Result>): Promise<Result>;
  /** Reports a fault that does not stop the work. No personal data. */
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
